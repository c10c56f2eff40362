"""The languages of babel and polyglossia, which BibLaTeX names in `langid`, as BCP 47 tags, which CSL wants."""

from collections.abc import MutableMapping

_TAGS = {
    "american": "en-US", "usenglish": "en-US", "english": "en-US", "british": "en-GB", "ukenglish": "en-GB",
    "canadian": "en-CA", "australian": "en-AU", "newzealand": "en-NZ", "german": "de-DE", "ngerman": "de-DE",
    "germanb": "de-DE", "austrian": "de-AT", "naustrian": "de-AT", "swissgerman": "de-CH", "nswissgerman": "de-CH",
    "french": "fr-FR", "francais": "fr-FR", "canadien": "fr-CA", "acadian": "fr-CA", "spanish": "es-ES",
    "mexican": "es-MX", "italian": "it-IT", "portuguese": "pt-PT", "portuges": "pt-PT", "brazil": "pt-BR",
    "brazilian": "pt-BR", "dutch": "nl-NL", "afrikaans": "af-ZA", "arabic": "ar", "basque": "eu-ES",
    "bulgarian": "bg-BG", "catalan": "ca-AD", "croatian": "hr-HR", "czech": "cs-CZ", "danish": "da-DK",
    "estonian": "et-EE", "finnish": "fi-FI", "galician": "gl-ES", "greek": "el-GR", "hebrew": "he-IL",
    "hungarian": "hu-HU", "magyar": "hu-HU", "icelandic": "is-IS", "indonesian": "id-ID", "irish": "ga-IE",
    "japanese": "ja-JP", "korean": "ko-KR", "latin": "la", "latvian": "lv-LV", "lithuanian": "lt-LT",
    "norsk": "nb-NO", "norwegian": "nb-NO", "nynorsk": "nn-NO", "persian": "fa-IR", "polish": "pl-PL",
    "romanian": "ro-RO", "russian": "ru-RU", "serbian": "sr-RS", "slovak": "sk-SK", "slovene": "sl-SI",
    "slovenian": "sl-SI", "swedish": "sv-SE", "thai": "th-TH", "turkish": "tr-TR", "ukrainian": "uk-UA",
    "vietnamese": "vi-VN", "welsh": "cy-GB", "chinese": "zh-CN",
}  # fmt: skip


def language_tag(langid: str) -> str:
    """The tag of a babel name; empty where it is unknown.

    >>> language_tag("ngerman")
    'de-DE'
    """
    return _TAGS.get(langid.strip().lower(), "")


def drop_stated_language(fields: MutableMapping[str, str], langid: str) -> None:
    """Remove a `language` that says only what `langid` says."""
    if langid and fields.get("language") == language_tag(langid):
        del fields["language"]
