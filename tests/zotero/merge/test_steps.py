"""Which attachments are the same file."""

from typing import Any

import pytest

from refsync.zotero.merge.steps import is_same_file


@pytest.mark.parametrize(
    ("one", "other", "twins"),
    [
        ({"md5": "1" * 32}, {"md5": "1" * 32, "filename": "other.pdf"}, True),
        ({"md5": "1" * 32}, {"md5": "2" * 32}, False),
        ({"md5": "1" * 32}, {"md5": "1" * 32, "contentType": "text/html"}, False),
        ({"md5": "1" * 32}, {"md5": "1" * 32, "deleted": 1}, False),
        ({"md5": None}, {"md5": None}, False),
        ({"linkMode": "linked_url", "url": "http://a.b"}, {"linkMode": "linked_url", "url": "http://a.b"}, True),
        ({"linkMode": "linked_url", "url": "http://a.b"}, {"linkMode": "linked_url", "url": "http://a.b/2"}, False),
        ({"linkMode": "linked_file", "path": "/p.pdf"}, {"linkMode": "linked_file", "path": "/p.pdf"}, True),
    ],
)
def test_same_file(one: dict[str, Any], other: dict[str, Any], twins: bool) -> None:
    attachment = {"itemType": "attachment", "linkMode": "imported_file", "contentType": "application/pdf"}
    assert is_same_file(attachment | one, attachment | other) is twins
