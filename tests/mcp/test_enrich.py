"""Look-ups, which the user allows when the server is started."""

from pathlib import Path

import pytest

from tests.cli.enrich.papers import PAPERS, TITLED
from tests.mcp.assistant import Assistant, converse, process
from tests.services_server import services_server

SERVICES = ("crossref", "openalex", "arxiv")


@pytest.mark.parametrize("allowed", [True, False])
def test_missing_values_are_filled_where_that_is_allowed(allowed: bool, folder: Path) -> None:
    (folder / "refs.bib").write_text(TITLED + "\n", encoding="utf-8")

    async def script(assistant: Assistant) -> None:
        names = {tool.name for tool in (await assistant.client.list_tools()).tools}
        assert ("plan_fill" in names) == allowed
        if allowed:
            plan = await assistant.call("plan_fill", files=["refs.bib"])
            assert plan["filled"] > 3
            await assistant.call("apply", token=plan["token"])
            assert "fill refs.bib:a: doi = 10.5555/kelp.1 (crossref)" in assistant.asked[0]

    with services_server(PAPERS) as running:
        addresses = {f"REFSYNC_{name.upper()}_URL": running.url(name) for name in SERVICES}
        options = ["--allow-enrich"] if allowed else []
        folders = {f"XDG_{name}_HOME": str(folder.parent / name) for name in ("CONFIG", "DATA", "CACHE")}
        converse(process(folder, *options, **addresses, **folders, REFSYNC_CONTACT="me@example.org"), script)
    text = (folder / "refs.bib").read_text(encoding="utf-8")
    assert ("doi = {10.5555/kelp.1}" in text) == allowed
