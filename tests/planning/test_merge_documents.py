"""Which values of other documents a document of papis takes, and how they are written."""

from pathlib import Path

import pytest
import yaml

from refsync.dedup.merge import merge_cluster
from refsync.formats.yaml.papis import read_document
from refsync.planning.merge_documents import merged_text

BASE = "doi: 10.5555/1\njournal: Journal of Mosses\npages: 1-9\ntitle: Moss\ntype: article\nyear: 2020\n"


def merged(*texts: str, moved: dict[str, str] | None = None) -> tuple[dict[str, object], list[str]]:
    sources = [f"{number}/info.yaml" for number in range(len(texts))]
    records = [
        read_document(text.encode(), source, Path(source).parent).records[0]
        for text, source in zip(texts, sources, strict=True)
    ]
    members = [*zip(records, texts, strict=True)]
    names = {source: moved or {} for source in sources[1:]}
    text, notes = merged_text(members, merge_cluster(records, survivor=0), names)
    return yaml.safe_load(text), [note.message for note in notes]


@pytest.mark.parametrize(
    "other",
    [
        "author_list:\n- family: Roe\n  given: Ann Barbara\n- {family: Elm, given: Zoe}\n",
        "author: Roe, Ann Barbara and Elm, Zoe\n",
    ],
)
def test_people_stay_a_text_and_a_list(other: str) -> None:
    document, _ = merged(
        f"author: Roe, A. and Elm, Z.\nauthor_list: [{{family: Roe, given: A.}}]\n{BASE}", other + BASE
    )
    assert document["author"] == "Roe, Ann Barbara and Elm, Zoe"
    assert document["author_list"] == [{"family": "Roe", "given": "Ann Barbara"}, {"family": "Elm", "given": "Zoe"}]


def test_values_keep_their_types_and_notation() -> None:
    other = "issue: 010\nissn: '0000-0001'\nurl: https://example.org/1\nread: 2020-01-02\nX: yes\ndeep: {a: [1, 2.0]}\n"
    text, _ = merged(BASE, other + BASE)
    assert text == {**yaml.safe_load(BASE), **yaml.safe_load(other)}


def test_lists_are_united_and_what_is_the_documents_own_stays() -> None:
    own = "collections: [a]\nfiles: [x.pdf]\nkeywords: one, two\npapis_id: 1a\nref: r\ntags: [Moss]\ntime-added: 2020\n"
    other = "collections: [a, b]\nfiles: y.pdf\nkeywords: [two, three]\npapis_id: 2b\nref: s\ntags: moss; wall\n"
    document, notes = merged(own + BASE, other + BASE, moved={"y.pdf": "y.pdf"})
    assert notes == []
    assert {name: document[name] for name in yaml.safe_load(own)} == {
        "collections": ["a", "b"], "files": ["x.pdf", "y.pdf"], "keywords": "one, two, three", "papis_id": "1a",
        "ref": "r", "tags": ["Moss", "wall"], "time-added": 2020,
    }  # fmt: skip


def test_a_merge_key_of_another_document_is_not_copied() -> None:
    document, _ = merged(BASE, f"base: &b {{publisher: Moss Press}}\n<<: *b\n{BASE}")
    assert document["publisher"] == "Moss Press"
    assert "<<" not in document
