"""Identifiers in a normal form, found in URLs, notes and other fields."""

import html
import re
import unicodedata
from urllib.parse import unquote

# SICIs (ANSI/NISO Z39.56), which publishers of the 1990s used as suffixes, contain angle brackets
_SUFFIX_CHARACTER = r"[^\s\"<>{}|\\^`]"
_DOI = re.compile(
    rf"10\.\d{{4,9}}/(?:\(sici\)|s?\d{{4}}-\d{{3}}[\dx]\(\d{{4}})"
    rf"(?:{_SUFFIX_CHARACTER}|<(?=[^<>]{{0,60}}\d)[^\s\"<>/{{}}|\\^`]{{1,60}}>)+"
    rf"|10\.\d{{4,9}}/{_SUFFIX_CHARACTER}{{1,60}}<{_SUFFIX_CHARACTER}{{2,60}}>\d\.\d\.\w\w;[\w-]"
    rf"|10\.\d{{4,9}}(?:\.\d+)*/{_SUFFIX_CHARACTER}+",
    re.IGNORECASE,
)
# nothing to cut off: no `/`, no `.pdf` or `.html`, no version
_PLAIN_DOI = re.compile(r"10\.[0-9]{4,9}/[a-uw-z0-9]+(?:[.-](?!pdf|htm)[a-uw-z0-9]+)*")
_DOI_TAIL = re.compile(
    r"(?:/(?:abstract|full|pdf|epdf|meta|fulltext|html)|\.pdf|\.html?|[?&#].*|[.,;:'’”⟩›»]+|[/\\]+)$", re.IGNORECASE
)
_DOI_NEXT = re.compile(r"[,;|](?:https?://|doi:|10\.\d{4}).*$")
_TEX_ESCAPE = re.compile(r"\\([_%&#$])|[{}]|\$\s*([<>])\s*\$")
_TEX_SIGN = re.compile(r"\\text(less|greater)(?:\{\})?\s?")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_DOI_VERSION = re.compile(r"^(10\.(?:1101|21203|26434|20944|31234|31219|31235|2139)/.+?)(?:v\d+|/v\d+|\.v\d+)$")
_ARCHIVES = (
    r"(?:astro-ph|cond-mat|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|nlin|nucl-ex|nucl-th|physics|quant-ph|math|cs|"
    r"q-bio|q-fin|stat|eess|econ|cmp-lg|alg-geom|q-alg|solv-int|chao-dyn|dg-ga|funct-an|adap-org|patt-sol)"
)
_ARXIV_NEW = r"\d\d(?:0[1-9]|1[0-2])\.\d{4,5}(?!\d)"
_ARXIV_OLD = rf"{_ARCHIVES}(?:\.[a-z-]{{2,9}})?/\d\d(?:0[1-9]|1[0-2])\d{{3}}(?!\d)"
_ARXIV_BARE = re.compile(
    rf"^\s*(?:arxiv\s*[:\s]\s*|abs/)?({_ARXIV_NEW}|{_ARXIV_OLD})(?:v\d+)?(?:\s*\[[\w.-]+\])?\s*$", re.IGNORECASE
)
_ARXIV_IN = re.compile(
    rf"(?:(?:alphaxiv\.org|\bcorr\W{{1,3}})/?abs/|arxiv(?:\.org/(?:abs|pdf|html|format|e-print)/|\s*(?:preprint\s*)?(?:arxiv)?\s*[:.\s/]\s*))"
    rf"({_ARXIV_NEW}|{_ARXIV_OLD})(?:v\d+)?",
    re.IGNORECASE,
)
_PMID = re.compile(
    r"(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(?:\?term=)?|pubmed\?term=|europepmc\.org/(?:article|abstract)/med/|"
    r"(?:pmid|pubmed id)\s*[:=\s]\s*)(\d{1,8})\b",
    re.IGNORECASE,
)
_PMCID = re.compile(r"\bPMC\s?0*([1-9]\d{2,7})\b", re.IGNORECASE)
_ISBN = re.compile(r"(?<![\dXx])(97[89][-\s]?(?:\d[-\s]?){9}\d|(?:\d[-\s]?){9}[\dXx])(?![\dXx])")
_ISSN = re.compile(r"(?<![\dXx-])(\d{4})\s?-\s?(\d{3}[\dXx])(?![\dXx-])")


def _normalized(value: str) -> str:
    """The text with ASCII digits and hyphens and without invisible format characters."""
    if value.isascii():
        return value
    value = unicodedata.normalize("NFKC", value).translate(_DASHES)
    return "".join(char for char in value if unicodedata.category(char) != "Cf")


def doi(value: str) -> str:
    """The DOI in a text or URL, lower case, or an empty string (DOIs are not case-sensitive: DOI handbook, 2.4).

    >>> doi("https://doi.org/10.1000/ABC.1.")
    '10.1000/abc.1'
    """
    value = _normalized(value)
    if "10." not in value and "10%2" not in value:
        return ""
    if (plain := value.lower()).startswith("10.") and _PLAIN_DOI.fullmatch(plain):
        return plain
    if "&" in value:
        value = html.unescape(value)
    if "\\" in value or "{" in value or "$" in value:
        value = _TEX_SIGN.sub(lambda found: "<" if found[1] == "less" else ">", value)
        value = _TEX_ESCAPE.sub(r"\1\2", value)
    if "%" in value:
        value = unquote(value)
    match = _DOI.search(value)
    if not match:
        return ""
    found = _DOI_NEXT.sub("", match[0].lower())
    while True:
        cut = _DOI_TAIL.sub("", found)
        if cut.endswith(")") and cut.count("(") < cut.count(")"):
            cut = cut[:-1]
        if cut.endswith("]") and cut.count("[") < cut.count("]"):
            cut = cut[:-1]
        if cut == found:
            break
        found = cut
    if version := _DOI_VERSION.match(found):
        found = version[1]
    return found if "/" in found and not found.endswith("/") else ""


def arxiv(value: str, *, bare: bool = False) -> str:
    """The arXiv identifier in a text, without its version, or an empty string.

    Knows both schemes (`2101.00001`, `hep-th/9901001`), `10.48550/arXiv` DOIs and abs and pdf URLs. With `bare`,
    a value that is nothing but a number of that form counts (an `eprint` field).

    >>> arxiv("https://arxiv.org/pdf/2101.00001v3.pdf")
    '2101.00001'
    """
    lower = value.lower()
    match = _ARXIV_IN.search(value) if "arxiv" in lower or "corr" in lower else None
    match = match or (_ARXIV_BARE.match(value) if bare else None)
    if not match:
        return ""
    found = match[1].lower()
    return re.sub(r"^([a-z-]+)\.[a-z-]+/", r"\1/", found)  # math.AG/0601001 is math/0601001


def pmid(value: str, *, bare: bool = False) -> str:
    """The PubMed identifier in a text; with `bare`, a value that is only a number counts too.

    >>> pmid("PMID: 0123456")
    '123456'
    """
    if bare and value.strip().isascii() and value.strip().isdigit():
        return value.strip().lstrip("0")
    lower = value.lower()
    match = _PMID.search(value) if "pubmed" in lower or "pmid" in lower or "pmc.org" in lower else None
    return match[1].lstrip("0") if match else ""


def pmcid(value: str) -> str:
    """The PubMed Central identifier in a text, with its `PMC`."""
    match = _PMCID.search(value) if "pmc" in value.lower() else None
    return f"PMC{match[1]}" if match else ""


def isbns(value: str) -> tuple[str, ...]:
    """Every valid ISBN in a text as thirteen digits, in order (ISO 2108; an ISBN-10 gets the prefix 978).

    >>> isbns("0-306-40615-2 (pbk)")
    ('9780306406157',)
    """
    found: dict[str, None] = {}
    for match in _ISBN.finditer(_normalized(value)):
        digits = re.sub(r"[^\dXx]", "", match[1]).upper()
        if len(digits) == 10:
            if sum((10 - i) * (10 if d == "X" else int(d)) for i, d in enumerate(digits)) % 11:
                continue
            digits = "978" + digits[:9]
            digits += str(-_sum13(digits) % 10)
        elif _sum13(digits) % 10:
            continue
        if len(set(digits[3:12])) > 1:  # else a placeholder: zeros or ones
            found[digits] = None
    return tuple(found)


def _sum13(digits: str) -> int:
    return sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))


def issns(value: str) -> tuple[str, ...]:
    """Every valid ISSN in a text as `1234-567X`, in order (ISO 3297)."""
    found: dict[str, None] = {}
    value = _normalized(value).strip()
    if len(value) == 8 and value[:7].isdigit():
        value = f"{value[:4]}-{value[4:]}"
    for match in _ISSN.finditer(value):
        digits = (match[1] + match[2]).upper()
        if sum((8 - i) * (10 if d == "X" else int(d)) for i, d in enumerate(digits)) % 11 == 0 and len(set(digits)) > 1:
            found[f"{digits[:4]}-{digits[4:]}"] = None
    return tuple(found)


def arxiv_of_doi(value: str) -> str:
    """The arXiv identifier in a `10.48550/arXiv.` DOI, or an empty string for any other value."""
    prefix = "10.48550/arxiv."
    return arxiv(value.removeprefix(prefix), bare=True) if value.startswith(prefix) else ""
