"""Records by the names that people give them."""

import difflib
from collections.abc import Sequence

from refsync.errors import ConfigError
from refsync.records import Record


def find_record(records: Sequence[Record], name: str) -> int:
    """The index of the record with this name.

    Raises:
        ConfigError: there is none, or more than one.
    """
    found = [
        i
        for i, record in enumerate(records)
        if name in (record.id, f"{record.source}:{record.id}", f"{record.source}:#{record.index}")
    ]
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(f"{records[i].source}:#{records[i].index}" for i in found[:5])
        raise ConfigError(
            f"{len(found)} records are named {name!r}", hint=f"name one by SOURCE:ID or SOURCE:#INDEX: {places}"
        )
    near = difflib.get_close_matches(name, {record.id for record in records}, 1)
    raise ConfigError(f"no record is named {name!r}", hint=f"did you mean {near[0]}?" if near else "")
