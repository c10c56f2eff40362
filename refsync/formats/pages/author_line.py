"""Lines of people on pages: `Ann Roe | Ed Poe`, `Ann Roe · Ed Poe`, `Ann Roe, Ed Poe, and Mia Moe`."""

import re
from dataclasses import dataclass

from refsync.text.names import GROUP_NAME

_MAX_LINE = 20_000  # characters: collaborations have thousands of people
_MAX_NAME = 60
_PARTICLES = frozenset(
    str.split(
        "de del della dello dei degli di da das do dos du des la le las los van von vom der den ter ten te zu zum zur "
        "af av el al bin ibn ben abu y e und et d' l' 't op dem dela san"
    )
)
# Words of titles, topics, places of conferences and navigation, which names hardly ever have
_NO_NAMES = frozenset(
    str.split(
        "about abstract accepted access advanced advances america american and applied approach are artificial as "
        "association at award awards based benchmark between beyond biology blog book careers causal chapter "
        "citation citations cite city code computer computers computing conduct conference contact control corpus "
        "council create current data dataset datasets department design detection diffusion does dynamic economics "
        "edition editions efficient emirates energy engineering exhibit explore faculty feature features federated "
        "feedback first for framework from generative get github graph graphs guide hall help home how image images "
        "impact in information institute intelligence international introduction is issue issues job jobs journal "
        "kingdom knowledge laboratory language languages large learn learning list log login machine mathematics "
        "medicine meet memory menu method methods model modeling modelling models more national network networks "
        "neural neuroscience news not notes of on online open optimal oral pages paper papers part physics planning "
        "policy poster posters privacy proceedings processing profile program publications quantum random read "
        "reasoning recent recognition report republic research results retrieval review reviews revised robotics "
        "robust room sample schedule science sciences search second section security series session settings share "
        "show sign site social software sponsors started states statistics structure studies study submission "
        "submissions support survey symposium system systems task tasks technology terms text the theory third "
        "through time tools topics toward towards track training transactions transfer transformer transformers "
        "trial type understanding unified united university using version via video view vision visual volume what "
        "when why with without workshop workshops your"
    )
)
_NO_NAME_ENDING = re.compile(
    r"\w{2,}(?:tions?|olog(?:y|ies)|ness|i[sz]ation|ys[ie]s|ality|ivity|[ai]bility|ative|ical)", re.IGNORECASE
)
_SELDOM_NAME = frozenset(
    str.split(
        "a all an art best by can case deep do fast feature forest forests free general great high human long main map "
        "matter multi my new or page press simple small to web work quiet"
    )
)
"""Words that are names too (`Can Roe`, `Do Poe`): counted against a list only if many of its names have them."""
_WORD = re.compile(r"[^\W\d_]+(?:['’`.‐-][^\W\d_]+)*[.'’]?")
_FOOTNOTE_MARKS = "0123456789¹²³⁰⁴⁵⁶⁷⁸⁹*†‡§¶#∗⋆♠♣✉[](), "
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,4}")
_MORE = re.compile(
    r"(?:and\s+)?(?:et\s+al\.?|others|…|\.{3}|\+?\s*\d{1,4}\s+(?:more(?:\s+authors?)?|authors?|others|additional"
    r" .{0,20}))",
    re.IGNORECASE,
)
_TAIL_MORE = re.compile(
    r"[\s,;]{0,4}(?:\bet\s+al\.?|\band\s+others|…|\.{3}|\(?\+?\s?\d{1,4}\s+(?:more|additional|authors?)(?:\s+authors?)?"
    r"(?:\s+not shown)?\)?|\+\s?\d{1,4})\s*$",
    re.IGNORECASE,
)
_TAIL = 60
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,5}")
_LAST_AND = re.compile(r"(?<=[A-Z.])\s+(?:and|&)\s+(?=[^;,]{2,30},\s[A-Z]{1,3}\.?$)")
_BAR = re.compile(r"\s*[|;]\s*|\s+[·•‧⋅∙]\s+|(?<=\w)[·•‧⋅∙](?=\w)|\s*[、，；]\s*")
_SEPARATED = re.compile(r"[,;|·•‧⋅∙、，；(+]|\sand\s|\s&\s")
_AND = re.compile(r"(?:,\s?|\s)(?:and|und|et|y|e|и|&)\s")
_LABEL = re.compile(r"(?:authors?|by|von|par|por|autoren|auteurs?|autore[sn])\s?:?\s(?=[^\W\d_])", re.IGNORECASE)
_EDITORS = re.compile(r"\s*\((?:eds?\.?|editors?|hrsg\.?|éds?\.?)\)\s*$", re.IGNORECASE)
_AFFILIATION = re.compile(r"\s?\((?=[^()]{0,100}[\s,])[^()]{3,120}\)")
_NUMBERS = re.compile(r"\s?\(\d[\d, and]{0,20}\)")  # of affiliations: `Ann Roe (1 and 2)`
_COLLABORATION = re.compile(r"^([\w .-]{1,50}\b(?:Collaboration|Consortium|Group|Team)s?): ")
_UNGLUED = re.compile(r"\s?\+\s?\d{1,4} authors?\s?(?=[^\W\d_a-z])")  # `Jane Doe+3 authorsEd Poe`
_GLUED = re.compile(r"(?<=[^\W\d_A-Z])(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bDi)(?<!\bLe)(?<!\bLa)(?<!\bVan)(?=[A-Z][a-z.])")
_MAX_GLUED = 5000
_FEW_PARTS = 4
_NICKNAME = re.compile(r"\s?\([^\W\d_][^()\d]{0,30}\)")
_DATABASE_NAME = re.compile(
    r"((?=.*[^\W\d_]{2})[^\W\d_][^,.()\d]{0,60}?) "
    r"([^\W\d_a-z](?:[^\W\d_a-z]|-(?=\w)){0,3})(?: (Jr|Sr|I{2,3}|IV|\d(?:st|nd|rd|th)))?"
)
_GROUP = re.compile(r"[A-Z\d][\w'’.-]*(?: (?:[A-Z\d][\w'’.-]*|of|for|and|the|de|für|on|in|&)){1,6}(?<!\.)")
_CAPITAL_INSIDE = re.compile(r"(?:Mac|Mc|De|Di|Da|La|Le|Du|Van|Von|Fitz|El|Al|O)[A-Z][^\WA-Z\d_]+|[A-Z]{1,3}")


@dataclass(frozen=True, slots=True)
class People:
    """The names of a line in order.

    Attributes:
        names: as they are written, without marks of footnotes.
        others: whether it says that there are more.
        sure: whether it cannot well be a title.
        editors: whether it calls them editors.
    """

    names: tuple[str, ...] = ()
    others: bool = False
    sure: bool = False
    editors: bool = False

    @property
    def texts(self) -> list[str]:
        """The names as a field lists them: `Doe, J` for `Doe J` if all have this form."""
        names = [inverted(name) for name in self.names]
        if not all("," in name for name in names):
            names = list(self.names)
        return [*names, "others"] if self.others else names


NOBODY = People()


def people_in(line: str, *, labelled: bool = False) -> People:
    """The people of a line, or nobody if it is no list of people.

    Args:
        line: the text of one line.
        labelled: whether it is known to be about people, so that one name is one.

    >>> people_in("Ann Roe | Ed Poe").names, people_in("Ann Roe").sure, people_in("Kelp in Noise").names
    (('Ann Roe', 'Ed Poe'), False, ())
    """
    text = line.strip(" ,;|·•")
    if ";" in text and "," in text:  # `Roe, A; Poe, E and Oak, I`
        text = _LAST_AND.sub("; ", text)
    if not 2 <= len(text) <= _MAX_LINE or text.endswith((":", "?", "!")):
        return NOBODY
    if len(text) > _MAX_NAME * 2 and not _SEPARATED.search(text, 0, _MAX_NAME * 2):
        return NOBODY
    if found := _LABEL.match(text):
        text, labelled = text[found.end() :], True
    if text.endswith(".") and text.count(".") == 1:
        text = text[:-1]
    text = _COLLABORATION.sub(r"\1, ", _NUMBERS.sub("", text.partition(" ((")[0]), count=1)
    text = _UNGLUED.sub("; ", _AFFILIATION.sub("", text)) if len(text) < _MAX_GLUED else text
    whole = text
    text = text[:-_TAIL] + _EDITORS.sub("", text[-_TAIL:])
    editors = text != whole
    short = text[:-_TAIL] + _TAIL_MORE.sub("", _TAIL_MORE.sub("", text[-_TAIL:]))
    barred = _BAR.search(short) is not None
    parts = [part for part in _BAR.split(short) if part.strip(_FOOTNOTE_MARKS + ".;")] if barred else _parts(short)
    if len(parts) < _FEW_PARTS and len(text) < _MAX_GLUED:
        glued = [name for part in parts for name in ([part] if GROUP_NAME.search(part) else _GLUED.split(part))]
        if len(glued) > len(parts) and all(" " in part.strip() for part in glued):
            parts, barred = glued, True  # `Jane DoeAnn Roe`
    kept = [part for part in parts if not _MORE.fullmatch(part.strip(" ,;"))]
    others = short != text or len(kept) < len(parts)
    names = [name for part in kept if (name := clean_name(part))]
    if not names or len(names) < len(kept):
        return NOBODY
    alone = sum(" " not in name and not _CJK.fullmatch(name) for name in names)
    if len(names) == 1 and GROUP_NAME.search(names[0]) and not (labelled or others):
        return NOBODY
    seldom = sum(any(len(word) > 1 and word.lower() in _SELDOM_NAME for word in name.split()) for name in names)
    if alone * 2 > len(names) or (alone and not (barred or labelled or len(names) > 3)) or seldom * 3 > len(names):
        return NOBODY
    initials = len(names) > 1 and all(any(map(_are_initials, name.replace(",", " ").split())) for name in names)
    sure = labelled or editors or others or initials or len(names) > 2 or (barred and len(names) > 1)
    return People(tuple(names), others, sure=sure, editors=editors)


def _parts(text: str) -> list[str]:
    """The parts between commas; in `Doe, J., Roe, A.` a part is a name with its initials."""
    parts = [part.strip() for part in _AND.sub(",", text).split(",") if part.strip(_FOOTNOTE_MARKS)]
    if len(parts) > 1 and len(parts) % 2 == 0:
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
        if all(_are_initials(given) and not _are_initials(family.split()[-1]) for family, given in pairs):
            return [f"{family}, {given}" for family, given in pairs]
    return parts


def _are_initials(text: str) -> bool:
    bare = text.replace(" ", "")
    return bare.isupper() and _INITIALS.fullmatch(bare) is not None


def inverted(name: str) -> str:
    """A name of databases, `Doe JA`, as `Doe, JA`; another as it is.

    >>> inverted("van der Roe A Jr"), inverted("Ann Roe")
    ('van der Roe, Jr, A', 'Ann Roe')
    """
    found = _DATABASE_NAME.fullmatch(name)
    if not found or not found[2].isupper():
        return name
    return ", ".join(part for part in (found[1], found[3], found[2]) if part)


def clean_name(part: str) -> str:
    """A name without marks of footnotes, or an empty string if it does not look like one."""
    if len(part) > _MAX_NAME + 20:
        return ""
    name = _without_marks(part.strip(" ,;"))
    if not name or len(name) > _MAX_NAME:
        return ""
    if GROUP_NAME.search(name) and _GROUP.fullmatch(short := name.removeprefix("the ")):
        return short
    words = _NICKNAME.sub(" ", name).replace(",", " ").split()
    if not 1 <= len(words) <= 6:
        return ""
    whole_names = 0
    for word in words:
        if word.lower() in _PARTICLES and (word.islower() or len(words) > 2):
            continue
        if not _WORD.fullmatch(word) or word[0].islower() or (len(word) > 1 and _is_no_name(word)):
            return ""
        initials = _are_initials(word)
        if not (initials or word.isupper() or _has_capitals_of_names(word)):
            return ""
        whole_names += not initials or len(word) > 2
    return name if whole_names else ""


def _is_no_name(word: str) -> bool:
    return word.lower() in _NO_NAMES or _NO_NAME_ENDING.fullmatch(word) is not None


def _without_marks(name: str) -> str:
    """A name without the marks of footnotes at its end: `Roe1,2*`, `Roe(1)`; a nickname in brackets stays."""
    short = name.rstrip(_FOOTNOTE_MARKS)
    end = name[len(short) :]
    return f"{short})" if end.startswith(")") and short.count("(") > short.count(")") else short


def _has_capitals_of_names(word: str) -> bool:
    """Whether capitals are where names have them: `Doe`, `McDoe`, `O'Roe`, `Doe-Roe`; not `BiLSTM`."""
    parts = [part for part in re.split(r"['’`.‐-]", word) if part]
    return all(not any(map(str.isupper, part[1:])) or _CAPITAL_INSIDE.fullmatch(part) for part in parts)
