"""The library that the tests of merging work on, and the commands on it."""

import json
from typing import Any

import pytest

from refsync.cli import main
from refsync.zotero.items.mapping import MappingSettings
from tests.zotero_server import Server

LIBRARY, PATH = "zotero:user/12345", "users/12345"
URI = f"http://zotero.org/{PATH}/items/"
MAPPING = MappingSettings()
MD5 = "0" * 31
KELP, KELP2, SHELL, SHELL2, THIRD, OTHER = "KELPAAAA", "KELPBBBB", "SHELLAAA", "SHELLBBB", "THRDAAAA", "QTHRAAAA"
GONE = "ERASED22"


def paper(key: str, added: str, title: str, **more: Any) -> dict[str, Any]:
    author = {"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}
    given = {"itemType": "journalArticle", "title": title, "creators": [author], "date": "2020", "version": 0}
    return {"key": key, **given, "dateAdded": f"{added}T00:00:00Z", **more}


def file(key: str, parent: str, md5: str, **more: Any) -> dict[str, Any]:
    given = {"itemType": "attachment", "linkMode": "imported_file", "contentType": "application/pdf", "title": "p.pdf"}
    return {"key": key, "version": 0, **given, "filename": "p.pdf", "md5": md5, "parentItem": parent, **more}


def note(key: str, parent: str, text: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "version": 0, "itemType": "note", "note": text, "parentItem": parent, **more}


def annotation(key: str, parent: str) -> dict[str, Any]:
    given = {"annotationType": "highlight", "annotationText": "kelp", "annotationColor": "#ffd400"}
    given |= {"annotationSortIndex": "00000|000000|00000", "annotationPosition": '{"pageIndex":0,"rects":[[1,2,3,4]]}'}
    return {"key": key, "version": 0, "itemType": "annotation", "parentItem": parent, **given}


def item(key: str, **more: Any) -> dict[str, Any]:
    """An item as the library returns it."""
    given = {"itemType": "journalArticle", "title": "", "creators": [], "tags": [], "collections": [], "relations": {}}
    return {"key": key, "version": 1, **given, "dateAdded": "2019-01-01T00:00:00Z", **more}


def fill(server: Server) -> None:
    """Two pairs with children, relations and collections, and two papers without duplicates."""
    for key, name in (("CAAAAAAA", "Kelp"), ("CBBBBBBB", "Read")):
        server.add(PATH, {"key": key, "version": 0, "name": name}, kind="collections")
    cited = "%7B%22uris%22%3A%5B%22http%3A%2F%2Fzotero.org%2Fusers%2F12345%2Fitems%2FKELPBBBB%22%5D%7D"
    server.add(
        PATH,
        paper(
            KELP,
            "2020-02-02",
            "Learning of kelp forests by their growth",
            citationKey="roe2020",
            DOI="10.1000/kelp.1",
            tags=[{"tag": "shared", "type": 1}, {"tag": "mine"}],
            collections=["CAAAAAAA"],
            extra="my words",
        ),
        paper(
            KELP2,
            "2021-01-01",
            "Learning of kelp forests by their growth",
            DOI="10.1000/KELP.1",
            volume="7",
            abstractNote="We learn kelp.",
            tags=[{"tag": "shared"}, {"tag": "theirs", "type": 1}],
            collections=["CBBBBBBB", "CAAAAAAA"],
            relations={"dc:replaces": [URI + GONE]},
            extra="Citation Key: roe2020b\nprinted twice\ntex.ids= old2019",
        ),
        paper(SHELL, "2018-01-01", "Sorting shells by their colours", DOI="10.1000/shell", volume="1"),
        paper(SHELL2, "2017-07-07", "Sorting shells by their colours", DOI="10.1000/shell", issue="2"),
        paper(THIRD, "2016-01-01", "Tides of a bay of which nobody wrote", DOI="10.1000/tides"),
        paper(OTHER, "2016-01-02", "Whales seen from a lighthouse", relations={"dc:relation": [URI + KELP2]}),
        file("FLEAAAAA", KELP, MD5 + "1"),
        file("FLEBBBBB", KELP2, MD5 + "1", tags=[{"tag": "printed"}]),
        file("FLECCCCC", KELP2, MD5 + "2"),
        annotation("ANNAAAAA", "FLEBBBBB"),
        note("NTEAAAAA", KELP2, f'<p><span data-citation="{cited}">x</span><img data-attachment-key="FLEBBBBB"></p>'),
        note("NTEBBBBB", KELP2, "<p>thrown away</p>", deleted=1),
        note("NTECCCCC", SHELL2, "<p>on shells</p>"),
    )
    server.edit(PATH, SHELL2, relations={"dc:relation": [URI + KELP2]})


def dedupe(*options: str) -> int:
    return main(["dedupe", LIBRARY, *options])


def dedupe_json(capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    """What a merge prints as JSON."""
    capsys.readouterr()
    dedupe("--format", "json", *options)
    return json.loads(capsys.readouterr().out)


def content(server: Server) -> dict[str, Any]:
    """The items of the library; the order of relations has no meaning."""
    items = server.library(PATH).snapshot()["items"]
    for item in items.values():
        item["relations"] = {name: sorted(uris) for name, uris in item["relations"].items() if uris}
    return items
