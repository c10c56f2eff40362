"""The syntax trees of modules, each parsed once for all tests of a process."""

import ast
import gc
from functools import cache
from pathlib import Path

from refsync.memory import no_collection


@cache
def parsed(path: Path) -> ast.Module:
    with no_collection():
        tree = ast.parse(path.read_text(encoding="utf-8"))
    gc.freeze()
    return tree


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(parsed(path)))
