"""What is left of an object after a reader took what it knows: kept by name, so that nothing is lost."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from refsync.formats.common.field_builder import FieldBuilder


def keep_others(draft: FieldBuilder, item: Mapping[str, Any], handled: frozenset[str]) -> None:
    """Keep the members of an object that are not handled, under their names."""
    for name, value in item.items():
        if name not in handled:
            draft.keep(name.replace("_", "-"), texts_of(value))


def texts_of(value: Any) -> Iterator[str]:
    """A value as texts: each item of a list, an object by its only value or as JSON."""
    if value is None or isinstance(value, bool) or value in ("", [], {}):
        return
    if isinstance(value, list):
        for one in value:
            yield from texts_of(one)
    elif isinstance(value, dict):
        scalars = [one for one in value.values() if one not in (None, "", [], {})]
        if len(scalars) == 1 and not isinstance(scalars[0], (list, dict)):
            yield str(scalars[0])
        else:
            yield json.dumps(value, ensure_ascii=False)
    else:
        yield " ".join(str(value).split())


def text_of(value: Any) -> str:
    """The first text of a value; empty if it has none."""
    return next(texts_of(value), "")
