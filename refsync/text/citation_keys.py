"""Whether an identifier of a record is a citation key, or a number that a database or program assigned."""

import re

_UNSAFE = re.compile(r"[\s,{}()\"#%~\\'=@\x00-\x1f\x7f]")
_USUAL = re.compile(r"[A-Za-z]{4,40}(?:1[5-9]|20)\d\d[a-z]{0,30}")
_NUMBER_OF_ROW = re.compile(r"[^\W\d_][-_.]?\d*")
_START = re.compile(r"[^\W\d_]|(?:1[5-9]|20)\d\d[^\W\d_]{2}")
_DATABASE = re.compile(
    r"(?:(?:wos|isi|biosis|medline|inspec|cabi?|scielo|kjd|rsci|dci|pmid|pubmed|doi|arxiv|oai|urn|info|issn|isbn|eid|"
    r"scopus|embase|rayyan|corpusid|uuid|https?):.*\d|"
    r"(?:wos|isi|medline|inspec|cabi?|pmid|pmc|pubmed|med|hal|scopus|embase|rayyan|covidence|openalex|mag|s2|cn|ut|item|"
    r"corpusid|zotero|mendeley|tel)[-:_.]?[A-Z]?\d[\d.-]*$)",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"\d{7}|(?<!\d)(?!(?:1[5-9]|20)\d\d)\d{5}")
_CODE = re.compile(r"[A-Z]{1,4}-?\d{5,}")
_ZOTERO = re.compile(r"[2-9A-NP-Z]{8}")
_HEXADECIMAL = re.compile(r"(?=[^\d]*\d)[0-9a-f-]{16,}", re.IGNORECASE)
_LETTERS_THEN_DIGIT = re.compile(r"[^\W\d_]{2}.*\d")
_LONGEST = 100
_DBLP = "DBLP:"


def looks_like_citation_key(value: str) -> bool:
    """Whether an identifier has the form of a citation key, as people and reference managers make them.

    Accession numbers, DOIs, addresses, hashes and the numbers of rows (`S2`) have not.

    >>> [looks_like_citation_key(value) for value in ("roe2020kelp", "Roe:20", "WOS:000123456789012", "L2004567", "17")]
    [True, True, False, False, False]
    """
    return can_be_citation_key(value) and not _NUMBER_OF_ROW.fullmatch(value)


def can_be_citation_key(value: str) -> bool:
    """Whether an identifier that documents cite may be a citation key: also a letter with a number (`a1`)."""
    if _USUAL.fullmatch(value):
        return _DATABASE.match(value) is None
    if not _START.match(value) or len(value) > _LONGEST or _UNSAFE.search(value):
        return False
    if value.startswith(_DBLP):
        return True
    if "/" in value or _DATABASE.match(value) or _LONG_NUMBER.search(value) or _CODE.fullmatch(value):
        return False
    return not (_ZOTERO.fullmatch(value) or _HEXADECIMAL.fullmatch(value))


def is_key_in_label(value: str) -> bool:
    """Whether a label, which may be any word (`Review`), is a citation key: it has a digit after letters."""
    return looks_like_citation_key(value) and _LETTERS_THEN_DIGIT.search(value) is not None
