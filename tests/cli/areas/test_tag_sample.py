"""`refsync tag` on the bundled sample."""

import pytest

from tests.cli.sample_files import FILES, run_json

pytestmark = pytest.mark.usefixtures("sample_folder")


def test_tag_does_not_deduplicate(capsys: pytest.CaptureFixture[str]) -> None:
    result = run_json(capsys, "tag", *FILES)
    assert result["schema"] == "refsync.tag/1"
    assert [record["source"] for record in result["records"]] == [FILES[0]] * 6 + [FILES[1]] * 5 + [FILES[2]] * 3 + [
        FILES[3]
    ] * 3
    for record in result["records"]:
        probabilities = [area["probability"] for area in record["areas"]]
        assert len(probabilities) >= 3
        assert probabilities == sorted(probabilities, reverse=True)
        applied = [area["area"] for area in record["areas"] if area["applied"]]
        assert record["primary"] == (applied[0] if applied else None)
        assert record["abstained"] == (not applied)
