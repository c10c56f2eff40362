"""What the site of the documentation needs besides its pages: links to code become its name."""

import re
from typing import Any

_TO_CODE = re.compile(r"\[([^\]]+)\]\((?:\.\./)+[^)]*\)")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The page without links to files that are not part of the site."""
    return _TO_CODE.sub(lambda found: found[1], markdown)
