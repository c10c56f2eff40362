"""The scenarios of fault injection: each command on a small library with everything that the command handles."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.zotero.fault_injection import LIBRARY, PATH, Scenario
from tests.zotero_server import Server

URI = f"http://zotero.org/{PATH}/items/"


def paper(key: str, added: str, title: str, **more: Any) -> dict[str, Any]:
    author = {"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}
    given = {"itemType": "journalArticle", "title": title, "creators": [author], "date": "2020", "version": 0}
    return {"key": key, **given, "dateAdded": f"{added}T00:00:00Z", **more}


def _fill_for_push(papers: int) -> Callable[[Server], None]:
    abstract = (
        "We segment images of objects with convolutional neural networks and show better accuracy on benchmarks of "
        "semantic segmentation."
    )

    def fill(server: Server) -> None:
        server.add(PATH, paper("KELPAAAA", "2020-02-02", "Learning of kelp forests by their growth", DOI="10.1/kelp"))
        entries = ["@article{kelp, title={Learning of kelp forests by their growth}, doi={10.1/KELP}, volume=7}"]
        entries += [
            "@article{tides21, title={Tides of a bay of which nobody wrote}, author={Roe, Ann}, journal={J. Bay}, "
            "year=2021, doi={10.1000/tides}}",
            "@misc{tides20, title={Tides of a bay of which nobody wrote}, author={Roe, Ann}, year=2020, "
            "eprint={2001.00001}, eprinttype={arxiv}}",
        ]
        entries += [
            f"@misc{{a{n}, title={{Segmentation of images, part {n * n + n}, with networks}}, author={{Roe, A{n}}}, "
            f"year={1950 + n}, abstract={{{abstract}}}}}"
            for n in range(papers)
        ]
        Path("a.bib").write_text("\n".join(entries) + "\n", encoding="utf-8")

    return fill


def _fill_for_merge(server: Server) -> None:
    cited = "%7B%22uris%22%3A%5B%22http%3A%2F%2Fzotero.org%2Fusers%2F12345%2Fitems%2FKELPBBBB%22%5D%7D"
    title = "Learning of kelp forests by their growth"
    file = {"itemType": "attachment", "linkMode": "imported_file", "contentType": "application/pdf", "title": "p.pdf"}
    file |= {"filename": "p.pdf", "md5": "1" * 32}
    mark = {"itemType": "annotation", "annotationType": "highlight", "annotationText": "kelp"}
    mark |= {"annotationColor": "#ffd400", "annotationSortIndex": "00000|000000|00000"}
    mark |= {"annotationPosition": '{"pageIndex":0,"rects":[[1,2,3,4]]}', "key": "ANNAAAAA", "parentItem": "FLEBBBBB"}
    server.add(
        PATH,
        paper("KELPAAAA", "2020-02-02", title, DOI="10.1000/kelp.1", tags=[{"tag": "shared", "type": 1}]),
        paper("KELPBBBB", "2021-01-01", title, DOI="10.1000/KELP.1", volume="7", tags=[{"tag": "theirs"}]),
        paper("SHELLAAA", "2018-01-01", "Sorting shells by their colours", DOI="10.1000/shell", volume="1"),
        paper("SHELLBBB", "2017-07-07", "Sorting shells by their colours", DOI="10.1000/shell", issue="2"),
        paper("QTHRAAAA", "2016-01-02", "Whales seen from a lighthouse", relations={"dc:relation": [URI + "KELPBBBB"]}),
        paper("THRDAAAA", "2016-01-03", "Tides of a bay of which nobody wrote"),
        {**file, "key": "FLEAAAAA", "parentItem": "KELPAAAA"},
        {**file, "key": "FLEBBBBB", "parentItem": "KELPBBBB", "tags": [{"tag": "printed"}]},
        mark,
        {
            "key": "NTEAAAAA",
            "itemType": "note",
            "parentItem": "KELPBBBB",
            "note": f'<p><span data-citation="{cited}">x</span><img data-attachment-key="FLEBBBBB"></p>',
        },
    )


def _relate_doubles(server: Server) -> None:
    """Relations that the doubles hold: to another item, to each other; and one that is on the public page."""
    server.edit(PATH, "KELPBBBB", relations={"dc:relation": [URI + "THRDAAAA"]}, inPublications=True)
    server.edit(PATH, "SHELLBBB", relations={"dc:relation": [URI + "SHELLAAA", URI + "KELPBBBB"]})


def _fill_for_tagging(server: Server) -> None:
    abstract = "We segment images of objects with convolutional neural networks on benchmarks of segmentation."
    server.add(
        PATH,
        *(
            paper(f"SEGM{n}AAA", "2020-01-01", f"Segmentation of images, part {n}", abstractNote=abstract)
            for n in range(2, 5)
        ),
    )


def _fill_for_collection(server: Server) -> None:
    server.add(PATH, {"key": "THESAAAA", "version": 0, "name": "Thesis"}, kind="collections")
    server.add(
        PATH,
        paper("KELP2AAA", "2020-01-01", "Kelp, part 2", volume="2", collections=["THESAAAA"]),
        paper("KELP3AAA", "2020-01-01", "Kelp, part 3", volume="3"),
        paper("KELP4AAA", "2020-01-01", "Kelp, part 4", volume="4", collections=["THESAAAA"]),
    )
    Path("refs.bib").write_text(FILE, encoding="utf-8")


def _fill_for_pull(server: Server) -> None:
    server.add(
        PATH,
        *(paper(f"KELP{n}AAA", "2020-01-01", f"Kelp, part {n}", volume=str(n), issue="1") for n in range(2, 7)),
    )


def _edit_library(server: Server) -> None:
    server.edit(PATH, "KELP2AAA", volume="70", issue="")
    server.add(PATH, paper("KELP7AAA", "2020-01-01", "Kelp, part 7"))
    server.library(PATH).erase_items(["KELP6AAA"])


FILE = """% mine
@article{kelp2, title = {Kelp, part 2}, author = {Roe, Ann}, year = 2020, volume = 2, number = 1, keywords = {old}}
@Article{kelp3,
  title  = {Kelp, part 3},
  author = {Roe, Ann}, year = 2020, groups = {Sea},
}
@article{kelp4, title = {Kelp, part 4}, author = {Roe, Ann}, year = 2020, volume = 4, number = 1}
@article{kelp5, title = {Kelp, part 5}, author = {Roe, Ann}, year = 2020, volume = 5, number = 1}
@book{shells, title = {Shells and sand}, year = 1999}
"""


def _fill_for_sync(server: Server) -> None:
    _fill_for_pull(server)
    Path("refs.bib").write_text(FILE, encoding="utf-8")


def _edit_both_sides(server: Server) -> None:
    server.edit(PATH, "KELP2AAA", volume="70", issue="", tags=[{"tag": "old"}, {"tag": "theirs"}], pages="1-9")
    server.edit(PATH, "KELP4AAA", deleted=1)
    server.library(PATH).erase_items(["KELP6AAA"])
    server.add(PATH, paper("KELP7AAA", "2020-01-01", "Kelp, part 7"))
    text = (
        Path("refs.bib").read_text(encoding="utf-8").replace("keywords = {old}", "keywords = {old, ours}, pages = {2}")
    )
    text = text.replace("year = 2020, groups = {Sea},\n", "year = 2021, groups = {Bay},\n").replace(
        "@book{shells, ", "@book{sea, "
    )
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("@article{kelp5")]
    more = "@misc{crabs, title = {On crabs that climb}, year = 2001}\n"
    Path("refs.bib").write_text("".join(lines) + more, encoding="utf-8")


SYNC = ("sync", "refs.bib", LIBRARY, "--deletions", "apply", "--conflicts", "ours")
PUSH = ("push", "a.bib", LIBRARY, "--collections", "--profile", "careful")
MERGE = ("dedupe", LIBRARY, "--apply")
TAG = ("tag", LIBRARY, "--apply", "--collections")
THESIS = ("sync", "refs.bib", LIBRARY, "--collection", "Thesis", "--conflicts", "ours")
PULL = ("pull", LIBRARY, "-o", "out.bib")
RESUME = ("apply", "--resume")


def all_scenarios(papers: int) -> list[Scenario]:
    """All scenarios; the push is one of so many new papers."""
    push, merge = _fill_for_push(papers), _fill_for_merge
    return [
        Scenario("push", push, PUSH, resume=(RESUME, PUSH)),
        Scenario("undo of a push", push, ("undo",), before=(PUSH,)),
        Scenario("merge", merge, MERGE, resume=(RESUME, MERGE)),
        Scenario("undo of a merge", merge, ("undo",), before=(MERGE,)),
        Scenario("merge with relations", merge, MERGE, edit=_relate_doubles, resume=(RESUME, MERGE)),
        Scenario("tagging", _fill_for_tagging, TAG, resume=(RESUME, TAG)),
        Scenario("undo of tagging", _fill_for_tagging, ("undo",), before=(TAG,)),
        Scenario("sync of a collection", _fill_for_collection, THESIS, resume=(RESUME, THESIS)),
        Scenario("pull", _fill_for_pull, PULL, before=(PULL,), edit=_edit_library),
        Scenario("first sync", _fill_for_sync, SYNC, resume=(RESUME, SYNC)),
        Scenario("sync", _fill_for_sync, SYNC, before=(SYNC,), edit=_edit_both_sides, resume=(RESUME, SYNC)),
        Scenario("undo of a sync", _fill_for_sync, ("undo",), before=(SYNC,)),
    ]
