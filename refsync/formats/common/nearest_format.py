"""What an unknown file looks like, and which format that refsync reads is nearest to it by the names that it uses."""

import re
from collections import Counter

_ROOT = re.compile(rb"<(?![?!])([\w:.-]{1,80})")
_ELEMENT = re.compile(rb"<(?:[\w.-]{1,40}:)?([\w.-]{1,80})")
_MEMBER = re.compile(rb'"([^"\\\s]{1,60})"\s*:')
_YAML_NAME = re.compile(rb"(?m)^[ \t]*(?:- )?([A-Za-z][\w-]{0,60}):(?=[ \t\r\n])")
_LINE_TAG = re.compile(
    rb"(?m)^[ \t]*(?:(?:%[A-Z0-9]|[A-Z][A-Z0-9]{1,3})(?=[ \t]|-[ \t])|[A-Za-z][A-Za-z-]{1,40}(?=:[ \t]))"
)
_MOST_SHOWN = 4
_LEAST_SHARE = 0.2

_VOCABULARIES = {
    "xml": {
        "endnotexml": "xml records record ref-type contributors authors author titles secondary-title periodical "
        "full-title dates electronic-resource-num keywords urls",
        "pubmedxml": "PubmedArticleSet PubmedArticle MedlineCitation PMID Article Journal ArticleTitle AuthorList "
        "Author LastName ForeName",
        "mods": "modsCollection mods titleInfo title name namePart role roleTerm originInfo relatedItem genre "
        "typeOfResource subject topic teiHeader titleStmt",
        "marcxml": "collection record leader controlfield datafield subfield",
        "jats": "article front journal-meta article-meta title-group article-title contrib-group contrib pub-date kwd",
        "unixref": "doi_records doi_record crossref journal journal_metadata journal_article titles contributors "
        "person_name doi_data doi resource query",
        "wordxml": "Sources Source Tag SourceType NameList Person Last First JournalName",
        "citavi": "CitaviExchangeData References Reference ReferenceType Persons Periodicals OnetoN",
        "zoterordf": "RDF Description itemType isPartOf authors Seq li Person surname givenName Article Book Document "
        "identifier Concept",
        "feed": "feed rss channel entry item title link summary published author updated pubDate guid",
        "oai": "OAI-PMH ListRecords record header metadata dc creator subject description identifier",
        "dblp": "dblp article inproceedings author title year booktitle ee crossref",
    },
    "json": {
        "csljson": "id type title author family given issued date-parts container-title DOI URL page volume issue",
        "zoterojson": "key version itemType creators creatorType firstName lastName tags collections relations data",
        "crossref": "message DOI title container-title author given family published is-referenced-by-count",
        "openalex": "id display_name authorships author abstract_inverted_index primary_location publication_year",
        "semanticscholar": "paperId title authors name abstract venue year externalIds",
        "datacite": "data attributes doi creators titles publisher publicationYear types descriptions",
        "inspire": "hits metadata titles authors full_name arxiv_eprints publication_info texkeys dois",
        "adsjson": "response docs bibcode title author pub year doi",
        "dblp": "result hits hit info authors author title venue year",
        "paperjson": "title abstract authors year doi url venue keywords name",
    },
    "yaml": {
        "cslyaml": "references id type title author family given issued container-title DOI URL page volume issue year",
        "hayagriva": "type title author date parent serial-number page-range publisher volume issue url doi editor",
        "cff": "cff-version message title authors family-names given-names version date-released doi license",
        "papis": "author author_list title year journal doi ref type files papis_id tags",
    },
    "tags": {
        "ris": "TY AU A1 TI T1 T2 JO PY Y1 DA VL IS SP EP DO UR AB KW SN ER",
        "nbib": "PMID OWN STAT TI AB FAU AU LA PT JT TA DP VI IP PG LID AID MH SO",
        "wos": "FN VR PT AU AF TI SO DT DE AB C1 PY VL BP EP DI UT ER EF",
        "enw": "%0 %A %T %J %D %V %N %P %K %X %U %R %@ %B %I",
        "refworks": "RT A1 T1 JF YR VO IS SP OP K1 AB PB SN UL",
        "ads": "%R %T %A %F %J %V %D %P %K %B %U %Y",
        "redif": "Template-Type Author-Name Title Abstract Journal Year Creation-Date File-URL Handle",
        "ovid": "UI TI AU SO AB PT LG Accession Title Author Authors Source Abstract",
        "cochrane": "ID AU TI SO YR VL NO PM PT KY DOI AB US",
    },
}
"""Names that files of each format use, by the notation of the format."""


def describe_unknown(head: bytes) -> tuple[str, str]:
    """What a file looks like, and the name of the nearest format; empty where there is nothing like it.

    >>> describe_unknown(b"<catalog><record><title>Moss</title></record></catalog>")[0]
    'XML with the root element <catalog>'
    """
    start = head.lstrip()
    if start.startswith(b"<"):
        root = _ROOT.search(start)
        names = Counter(_ELEMENT.findall(start))
        looks = f"XML with the root element <{_shown(root[1])}>" if root else "XML"
        return looks, _nearest("xml", names)
    if start.startswith((b"{", b"[")):
        names = Counter(_MEMBER.findall(start))
        return f"JSON{_with_names(names)}", _nearest("json", names)
    tags = Counter(tag.strip() for tag in _LINE_TAG.findall(start))
    yaml_names = Counter(_YAML_NAME.findall(start))
    if yaml_names and (yaml_names.total() > tags.total() or b"\n  " in start or start.startswith(b"---")):
        return f"YAML{_with_names(yaml_names)}", _nearest("yaml", yaml_names)
    if tags.total() > 2:
        return f"tagged text{_with_names(tags)}", _nearest("tags", tags)
    return "", ""


def _with_names(names: Counter[bytes]) -> str:
    most = [_shown(name) for name, _ in names.most_common(_MOST_SHOWN)]
    return f" with {', '.join(most)}" if most else ""


def _shown(name: bytes) -> str:
    return name.decode("utf-8", "replace")


def _nearest(notation: str, names: Counter[bytes]) -> str:
    """The format with the greatest share of its names in the file, if it is not a chance hit."""
    known = {_shown(name) for name in names}
    shares = {}
    for name, words in _VOCABULARIES[notation].items():
        vocabulary = set(words.split())
        common = vocabulary & known
        if len(common) > 1 or (common and len(known) == 1):
            shares[name] = len(common) / len(vocabulary)
    best = max(shares, key=lambda name: (shares[name], name), default="")
    return best if best and shares[best] >= _LEAST_SHARE else ""
