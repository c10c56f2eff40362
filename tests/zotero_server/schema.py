"""Zotero's item types, fields and creator types (schema version 41), as names only.

In the table: a type with its creator types, the primary one first (two spaces: more of them), and its fields (four
spaces) in the order in which the server writes them; ``field=base`` names the base field that a field maps to.
"""

from dataclasses import dataclass
from typing import Any

VERSION = 41
ETAG = '"schema-41"'

_FACTS = """
artwork: artist contributor
    title abstractNote artworkMedium=medium artworkSize date eventPlace DOI citationKey url accessDate archive
    archiveLocation shortTitle language libraryCatalog callNumber rights extra
audioRecording: performer originalCreator composer wordsBy translator contributor
    title abstractNote audioRecordingFormat=medium seriesTitle volume numberOfVolumes label=publisher place date
    runningTime ISBN DOI citationKey url accessDate archive archiveLocation shortTitle language libraryCatalog
    callNumber rights extra
bill: sponsor cosponsor contributor
    title abstractNote billNumber=number code codeVolume=volume section codePages=pages legislativeBody=authority
    session history date DOI citationKey url accessDate shortTitle language rights extra
blogPost: author translator commenter contributor
    title abstractNote blogTitle=publicationTitle websiteType=type date DOI citationKey url accessDate ISSN
    shortTitle language rights extra
book: author contributor editor translator seriesEditor
    title abstractNote series seriesNumber volume numberOfVolumes edition date publisher place originalDate
    originalPublisher originalPlace format=medium numPages ISBN DOI citationKey url accessDate ISSN archive
    archiveLocation shortTitle language libraryCatalog callNumber rights extra
bookSection: author contributor editor bookAuthor translator seriesEditor
    title abstractNote bookTitle=publicationTitle series seriesNumber volume numberOfVolumes edition date
    publisher place originalDate originalPublisher originalPlace format=medium pages ISBN DOI citationKey url
    accessDate ISSN archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
case: author counsel contributor
    caseName=title abstractNote court=authority dateDecided=date docketNumber=number reporter
    reporterVolume=volume firstPage=pages history DOI citationKey url accessDate shortTitle language rights extra
computerProgram: programmer contributor
    title abstractNote seriesTitle versionNumber date system company=publisher place programmingLanguage rights
    citationKey url accessDate DOI ISBN archive archiveLocation libraryCatalog callNumber shortTitle extra
conferencePaper: author contributor editor translator seriesEditor
    title abstractNote proceedingsTitle=publicationTitle conferenceName publisher place date eventPlace volume
    issue numberOfVolumes pages series seriesNumber DOI ISBN citationKey url accessDate ISSN archive
    archiveLocation shortTitle language libraryCatalog callNumber rights extra
dataset: author contributor
    title abstractNote identifier=number type versionNumber date repository=publisher repositoryLocation=place
    format=medium DOI citationKey url accessDate archive archiveLocation shortTitle language libraryCatalog
    callNumber rights extra
dictionaryEntry: author contributor editor translator seriesEditor
    title abstractNote dictionaryTitle=publicationTitle series seriesNumber volume numberOfVolumes edition date
    publisher place pages ISBN DOI citationKey url accessDate archive archiveLocation shortTitle language
    libraryCatalog callNumber rights extra
document: author contributor editor translator reviewedAuthor
    title abstractNote type date publisher place DOI citationKey url accessDate archive archiveLocation shortTitle
    language libraryCatalog callNumber rights extra
email: author translator contributor recipient
    subject=title abstractNote date DOI citationKey url accessDate shortTitle language rights extra
encyclopediaArticle: author contributor editor translator seriesEditor
    title abstractNote encyclopediaTitle=publicationTitle series seriesNumber volume numberOfVolumes edition date
    publisher place pages ISBN DOI citationKey url accessDate archive archiveLocation shortTitle language
    libraryCatalog callNumber rights extra
film: director producer scriptwriter castMember host guest narrator translator contributor
    title abstractNote distributor=publisher place date genre=type videoRecordingFormat=medium runningTime DOI
    citationKey url accessDate archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
forumPost: author contributor
    title abstractNote forumTitle=publicationTitle postType=type date DOI citationKey url accessDate shortTitle
    language rights extra
hearing: contributor
    title abstractNote committee publisher numberOfVolumes documentNumber=number pages legislativeBody=authority
    session history date place DOI citationKey url accessDate shortTitle language rights extra
instantMessage: author contributor recipient
    title abstractNote date DOI citationKey url accessDate shortTitle language rights extra
interview: interviewee contributor interviewer translator
    title abstractNote interviewMedium=medium date publisher place DOI citationKey url accessDate archive
    archiveLocation shortTitle language libraryCatalog callNumber rights extra
journalArticle: author contributor editor translator reviewedAuthor
    title abstractNote publicationTitle publisher place date volume issue section partNumber partTitle pages
    series seriesTitle seriesText journalAbbreviation DOI citationKey url accessDate PMID PMCID ISSN archive
    archiveLocation shortTitle language libraryCatalog callNumber rights extra
letter: author recipient contributor translator
    title abstractNote letterType=type date eventPlace DOI citationKey url accessDate archive archiveLocation
    shortTitle language libraryCatalog callNumber rights extra
magazineArticle: author contributor translator reviewedAuthor
    title abstractNote publicationTitle publisher place date volume issue pages ISSN DOI citationKey url
    accessDate archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
manuscript: author contributor translator
    title abstractNote manuscriptType=type institution=publisher place date numPages number DOI citationKey url
    accessDate archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
map: cartographer contributor seriesEditor
    title abstractNote mapType=type scale seriesTitle edition publisher place date DOI ISBN citationKey url
    accessDate archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
newspaperArticle: author contributor translator reviewedAuthor
    title abstractNote publicationTitle publisher place date volume issue edition section pages ISSN DOI
    citationKey url accessDate archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
patent: inventor attorneyAgent contributor
    title abstractNote place country assignee issuingAuthority=authority patentNumber=number filingDate pages
    applicationNumber priorityNumbers issueDate=date priorityDate=originalDate references legalStatus=status DOI
    citationKey url accessDate shortTitle language rights extra
podcast: podcaster guest producer executiveProducer seriesCreator director scriptwriter
  castMember translator contributor
    title abstractNote seriesTitle episodeNumber=number audioFileType=medium date publisher place runningTime DOI
    citationKey url accessDate shortTitle language rights extra
preprint: author contributor editor translator reviewedAuthor
    title abstractNote genre=type repository=publisher archiveID=number place date series seriesNumber DOI
    citationKey url accessDate archive archiveLocation shortTitle language libraryCatalog callNumber rights extra
presentation: presenter chair organizer contributor translator
    title abstractNote presentationType=type date meetingName place series sessionTitle=publicationTitle DOI
    citationKey url accessDate shortTitle language rights extra
radioBroadcast: creator host guest producer executiveProducer seriesCreator director scriptwriter
  castMember translator contributor
    title abstractNote programTitle=publicationTitle episodeNumber=number audioRecordingFormat=medium
    network=publisher place date runningTime DOI citationKey url accessDate archive archiveLocation shortTitle
    language libraryCatalog callNumber rights extra
report: author editor contributor translator seriesEditor
    title abstractNote reportNumber=number reportType=type institution=publisher place date seriesTitle
    seriesNumber pages DOI ISBN citationKey url accessDate ISSN archive archiveLocation shortTitle language
    libraryCatalog callNumber rights extra
standard: author editor contributor
    title abstractNote organization=authority committee type number versionNumber edition status date publisher
    place partNumber partTitle ISBN DOI citationKey url accessDate archive archiveLocation shortTitle numPages
    language libraryCatalog callNumber rights extra
statute: author contributor
    nameOfAct=title abstractNote code codeNumber publicLawNumber=number dateEnacted=date pages section session
    history DOI citationKey url accessDate shortTitle language rights extra
thesis: author contributor
    title abstractNote thesisType=type university=publisher place date series seriesNumber numPages DOI ISBN
    citationKey url accessDate ISSN archive archiveLocation shortTitle language libraryCatalog callNumber rights
    extra
tvBroadcast: director producer executiveProducer seriesCreator scriptwriter
  castMember host guest narrator translator contributor
    title abstractNote programTitle=publicationTitle episodeNumber=number videoRecordingFormat=medium
    network=publisher place date runningTime DOI citationKey url accessDate archive archiveLocation shortTitle
    language libraryCatalog callNumber rights extra
videoRecording: creator director producer scriptwriter executiveProducer
  castMember host guest narrator translator contributor
    title abstractNote videoRecordingFormat=medium seriesTitle volume numberOfVolumes studio=publisher place date
    runningTime ISBN DOI citationKey url accessDate archive archiveLocation shortTitle language libraryCatalog
    callNumber rights extra
webpage: author contributor translator
    title abstractNote websiteTitle=publicationTitle websiteType=type date publisher place DOI citationKey url
    accessDate shortTitle language rights extra
"""

ATTACHMENT_FIELDS = (
    "linkMode",
    "title",
    "accessDate",
    "url",
    "note",
    "contentType",
    "charset",
    "filename",
    "md5",
    "mtime",
)
ANNOTATION_FIELDS = (
    "annotationType",
    "annotationAuthorName",
    "annotationText",
    "annotationComment",
    "annotationColor",
    "annotationPageLabel",
    "annotationSortIndex",
    "annotationPosition",
)
LINK_MODES = ("imported_file", "imported_url", "linked_file", "linked_url", "embedded_image")
ANNOTATABLE = ("application/pdf", "application/epub+zip", "text/html")

# Fields that came after version 29; clients that announce an older schema don't see them while they are empty.
_RECENT = "originalDate originalPublisher originalPlace format DOI citationKey ISSN PMID PMCID eventPlace".split()
_OLDER = {
    "DOI": "journalArticle conferencePaper dataset preprint standard",
    "citationKey": "dataset preprint standard",
    "ISSN": "journalArticle magazineArticle newspaperArticle",
    "format": "dataset",
}


@dataclass(frozen=True, slots=True)
class ItemType:
    """One regular item type: its fields in order, each with its base field (or itself), and its creator types."""

    name: str
    fields: dict[str, str]
    creators: list[str]  # the first is the primary one


def _parse(text: str) -> dict[str, ItemType]:
    types: dict[str, ItemType] = {}
    for line in text.strip().splitlines():
        depth, words = len(line) - len(line.lstrip()), line.split()
        if depth == 0:
            name = words[0].removesuffix(":")
            types[name] = ItemType(name, {}, words[1:])
        elif depth == 2:
            types[name].creators.extend(words)
        else:
            types[name].fields.update((f, base or f) for f, _, base in (word.partition("=") for word in words))
    return types


TYPES = _parse(_FACTS)
SPECIAL = ("annotation", "attachment", "note")
FIELDS = tuple(dict.fromkeys(field for kind in TYPES.values() for pair in kind.fields.items() for field in pair))
CREATORS = frozenset(creator for kind in TYPES.values() for creator in kind.creators)


def known(item_type: str) -> bool:
    """Whether the schema has this item type."""
    return item_type in TYPES or item_type in SPECIAL


def fields_of(item_type: str) -> tuple[str, ...]:
    """The data fields of a type, in the server's order."""
    if item_type == "attachment":
        return ATTACHMENT_FIELDS
    if item_type == "annotation":
        return ANNOTATION_FIELDS
    return ("note",) if item_type == "note" else tuple(TYPES[item_type].fields)


def is_recent(item_type: str, field: str) -> bool:
    """Whether the type got the field after schema version 29."""
    return field in _RECENT and item_type not in _OLDER.get(field, "").split()


def label(name: str) -> str:
    """A readable name derived from the technical one; the real server sends translated texts here."""
    words = "".join(
        f" {c.lower()}" if c.isupper() and i and not name[i - 1].isupper() else c for i, c in enumerate(name)
    )
    return words[:1].upper() + words[1:]


def convert(data: dict[str, Any], source: str, target: str) -> dict[str, str]:
    """Field values under a new item type: what maps by base field moves, what has no place is dropped."""
    values = {TYPES[source].fields[f]: data[f] for f in TYPES[source].fields if data.get(f)}
    return {f: values[base] for f, base in TYPES[target].fields.items() if base in values}


def convert_creator(creator: dict[str, str], source: str, target: str) -> dict[str, str]:
    """A creator under a new item type: the primary one stays primary, one that the type doesn't know contributes."""
    kind, allowed = creator["creatorType"], TYPES[target].creators
    if kind == TYPES[source].creators[0]:
        kind = allowed[0]
    elif kind not in allowed:
        kind = "contributor" if "contributor" in allowed else allowed[0]
    return creator | {"creatorType": kind}


def template(item_type: str, link_mode: str | None) -> dict[str, Any]:
    """What ``/items/new`` answers: every field, empty."""
    out: dict[str, Any] = {"itemType": item_type}
    if item_type == "attachment":
        out |= {"linkMode": link_mode, "title": "", "accessDate": ""}
        out |= {"url": ""} if link_mode in ("imported_url", "linked_url") else {}
        out |= {"note": "", "tags": [], "collections": [], "relations": {}, "contentType": "", "charset": ""}
        if link_mode in ("imported_file", "imported_url"):
            out |= {"filename": "", "md5": None, "mtime": None}
        elif link_mode == "linked_file":
            out |= {"path": ""}
        return out
    for i, field in enumerate(fields_of(item_type)):
        out[field] = ""
        if i == 0 and item_type in TYPES:
            out["creators"] = [{"creatorType": TYPES[item_type].creators[0], "firstName": "", "lastName": ""}]
    return out | {"tags": [], "collections": [], "relations": {}}


def document() -> dict[str, Any]:
    """What ``/schema`` answers."""
    types = [
        {
            "itemType": kind.name,
            "fields": [{"field": f} | ({"baseField": b} if b != f else {}) for f, b in kind.fields.items()],
            "creatorTypes": [
                {"creatorType": c} | ({"primary": True} if i == 0 else {}) for i, c in enumerate(kind.creators)
            ],
        }
        for kind in TYPES.values()
    ]
    attachment = [{"field": f} for f in ("title", "accessDate", "url")]
    types += [
        {"itemType": name, "fields": attachment if name == "attachment" else [], "creatorTypes": []} for name in SPECIAL
    ]
    types.sort(key=lambda kind: str(kind["itemType"]))
    return {
        "version": VERSION,
        "itemTypes": types,
        "meta": {"fields": {"date": {"type": "date"}, "filingDate": {"type": "date"}}},
    }
