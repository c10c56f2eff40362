"""The file that opens the page in the browser: the address has a token, which a program's arguments would show to all.

Other users of a computer can list the arguments of its programs, and the browser would be started with the address. So
it is started with the name of a file that only this user may read, and the file sends it on.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PAGE = """\
<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url={address}">
<title>refsync review</title>
<p><a href="{address}">Open the review</a></p>
"""


@contextmanager
def start_file(address: str) -> Iterator[str]:
    """The URL of the file, which exists while the context lasts."""
    # This user alone may enter the folder; on Windows it stays if the browser still has the file open.
    with tempfile.TemporaryDirectory(prefix="refsync-review-", ignore_cleanup_errors=True) as folder:
        path = Path(folder, "open.html")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_PAGE.format(address=address))
        yield path.as_uri()
