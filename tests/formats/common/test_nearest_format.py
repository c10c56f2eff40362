"""What an unknown file looks like."""

import pytest

from refsync.errors import SourceError
from refsync.formats.common.nearest_format import describe_unknown
from refsync.formats.registry import detect, format_named


@pytest.mark.parametrize(
    ("head", "looks", "nearest"),
    [
        (b"<moss/>", "XML with the root element <moss>", ""),
        (b"<a:set xmlns:a='x'><a:titleInfo><a:title/></a:titleInfo><a:name/><a:namePart/><a:genre/></a:set>",
         "XML with the root element <a:set>", "mods"),
        (b'{"titles": [1], "creators": 2, "publicationYear": 3}', "JSON with titles, creators, publicationYear",
         "datacite"),
        (b"---\nkind: Pod\nspec:\n  name: moss\n", "YAML with kind, spec, name", ""),
        (b"title: Moss\njournal: J\nyear: 2020\ntags:\n  - a\n", "YAML with title, journal, year, tags", "papis"),
        (b"TI Moss\nAU Roe\nPY 2020\nSO J\nDT x\n", "tagged text with TI, AU, PY, SO", "wos"),
        (b"Only words.\n", "", ""),
        (b"", "", ""),
    ],
)  # fmt: skip
def test_notations(head: bytes, looks: str, nearest: str) -> None:
    assert describe_unknown(head) == (looks, nearest)


@pytest.mark.parametrize("name", ["a.xml", "a.rdf", "a"])
def test_rdf_of_nobody_is_no_feed(name: str) -> None:
    text = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><x:Moss xmlns:x="urn:x"/></rdf:RDF>'
    with pytest.raises(SourceError, match="root element <rdf:RDF>"):
        detect(text, name)
    with pytest.raises(SourceError, match="no entry of a feed"):
        format_named("feed").read(text, name)


def test_two_suffixes_alike_do_not_decide() -> None:
    with pytest.raises(SourceError, match="YAML"):
        detect(b"kind: Pod\nspec:\n  name: moss\n", "a.yaml")
