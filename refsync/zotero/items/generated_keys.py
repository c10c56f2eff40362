"""Keys that we choose for new objects, so that a request may be repeated without making a second one.

They are made of what the object says: the same input makes the same keys, in a second run too.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence

from refsync.planning.plan import is_users_key
from refsync.records import Record

ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
LENGTH = 8


def object_key(*parts: str) -> str:
    """A key of Zotero's form, made of these parts."""
    number = int.from_bytes(hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).digest())
    return "".join(ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(LENGTH))


def record_keys(library: str, records: Sequence[Record]) -> list[str]:
    """A key for each record of a library; records that say the same get different ones, by their order."""
    seen: Counter[str] = Counter()
    keys = []
    for record in records:
        said = [record.type, record.id if is_users_key(record) else ""]
        said += [text for pair in sorted(record.fields.items()) for text in pair]
        content = "\x00".join(said)
        keys.append(object_key(library, content, str(seen[content])))
        seen[content] += 1
    return keys
