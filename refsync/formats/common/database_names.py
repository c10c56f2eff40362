"""Names as databases write them, in BibTeX's form: `Fern E.`, `SMITH JA`, `Smith J, Doe AB, et al.`, bodies."""

import re

from refsync.text.names import GROUP_NAME, is_initials, parse_name, split_names

_SUFFIX = re.compile(r"(?:[js]r|jnr|snr|i{2,3}|iv|[2-4](?:nd|rd|th))\.?", re.IGNORECASE)
_OTHERS = re.compile(r"\W*(?:(?:and|&)\s+)?(?:et\.?\s*al\.?|(?:and|&)\s+others|others)\W*", re.IGNORECASE)
_ET_AL = re.compile(r"[,;]?\s+(?:and\s+|&\s+)?(?:et\.?\s*al\b\.?|& others|and others)\W*$", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:inc|ltd|llc|gmbh|corp|corporation|company|commission|council|bureau|office|bank|nations|government|federation|"
    r"union|library|museum|academy|laboratory|laboratories|hospital|board|authority|division|service|services|alliance|"
    r"programme|trust|college|school|institution|assembly|parliament|workshop|editors|staff)\b",
    re.IGNORECASE,
)
_OF = re.compile(r"\b(?:of|for|the|und|für|et|pour|des|de la)\b")
_EMAIL = re.compile(r"[\s,;(<]*[\w.+-]+@[\w-]+\.[\w.-]+[)>]?")
_DEGREES = re.compile(
    r"(?:,?\s+(?:MD|M\.D\.|PhD|Ph\.D\.|MSc|M\.Sc\.|BSc|MPH|MBBS|MBChB|DPhil|DSc|DDS|DVM|PharmD|RN|FRCP|FRCS|FACS|"
    r"FACP|MRCP|EdD|DrPH|MBA|BA|MA)\.?)+$"
)
# `Doe, Jane A.`: nearly all names of nearly all files
_ONE_NAME = re.compile(r"[^\W\d_]{2,20}, [^\W\d_]{1,20}\.?(?:[ -]?[^\W\d_]\.?){0,3}")
_HAS_PLAIN_NAME = re.compile(r"[^\W\d_]{2,}[\s,]+[^\W\d_]")


def bibtex_name(name: str) -> str:
    """A name in BibTeX's form: `Family, Suffix, Given` for `Family, Given, Suffix`, a group in braces.

    >>> [bibtex_name(name) for name in ("Fern E.", "van der Reed R.E.", "SMITH JA", "Jane Doe", "Kelp Board of Oslo,")]
    ['Fern, E.', 'van der Reed, R.E.', 'SMITH, JA', 'Jane Doe', '{Kelp Board of Oslo}']
    """
    if _ONE_NAME.fullmatch(name):
        return name
    name = " ".join(name.split()).strip(" ;")
    if name.startswith("{") and name.endswith("}"):
        return name
    if _OTHERS.fullmatch(name):
        return "others"
    if name.endswith(",") and name.strip(" ,"):  # EndNote's sign of a body
        return group_name(name.rstrip(" ,"))
    if "," not in name and is_body(name):
        return group_name(name)
    if "and" in name.lower().split():
        return group_name(name)
    if "," not in name:
        return _inverted(name)
    parts = [part for part in map(str.strip, name.split(",")) if part]
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[2]):
        parts[1:] = [parts[2], parts[1]]
    return ", ".join(parts)


def is_body(name: str) -> bool:
    """Whether a name without comma is that of a body, by its words."""
    words = name.split()
    if len(words) < 2 or is_initials(words[-1]):
        return False
    if GROUP_NAME.search(name):
        return True
    return bool(_BODY.search(name)) and (
        bool(_OF.search(name)) or (len(words) > 2 and not any(map(is_initials, words)))
    )


def _inverted(name: str) -> str:
    """A name that ends in initials with the comma that BibTeX needs; any other name is unchanged."""
    words = name.split()
    if len(words) < 2 or not is_initials(words[-1]) or _SUFFIX.fullmatch(words[-1]):
        return name
    parsed = parse_name(name)
    family = f"{parsed.prefix} {parsed.family}".strip()
    if not is_initials(parsed.given) or not name.startswith(family) or len(parsed.family) < 2:
        return name
    return ", ".join(filter(None, (family, parsed.suffix, parsed.given)))


def group_name(name: str) -> str:
    """The name of a group, in braces if BibTeX would split it."""
    plain = name.replace("{", "").replace("}", "").strip()
    return f"{{{plain}}}" if " " in plain or "," in plain else plain


def single_names(value: str) -> list[str]:
    """The names in one value: `Smith J, Doe AB, et al.` has two and `others`, `Doe, Jane` has one."""
    if _ONE_NAME.fullmatch(value):
        return [value]
    if value.startswith("{") or ("," not in value and "&" not in value and "et al" not in value.lower()):
        return [value]
    truncated = _ET_AL.search(value)
    names = split_names(value)[0] if truncated or "," in value or "&" in value else [value]
    if not truncated:
        initials = len(names) > 1 and all(is_initials(name.split()[-1]) and "," not in name for name in names)
        return names if initials else [value]
    return [*names, "others"]


def without_degrees(name: str) -> str:
    """A name without e-mail addresses and academic degrees, as some databases add them."""
    plain = _EMAIL.sub("", name).strip(" ,;")
    bare = _DEGREES.sub("", plain).rstrip(" ,")
    return bare if _HAS_PLAIN_NAME.search(bare) else plain
