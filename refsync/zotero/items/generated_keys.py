"""Keys generated for new objects, so that a repeated request creates no second object.

They are hashes of the object's content: the same input gives the same keys in every run.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence

from refsync.planning.key_ownership import is_users_key
from refsync.records import Record

ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
LENGTH = 8


def generate_key(*parts: str) -> str:
    """A key of Zotero's form: a hash of these parts."""
    number = int.from_bytes(hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).digest())
    return "".join(ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(LENGTH))


def generate_item_keys(library: str, records: Sequence[Record]) -> list[str]:
    """A key for each record of a library; records with equal content get different keys, by their order."""
    seen: Counter[str] = Counter()
    keys = []
    for record in records:
        parts = [record.type, record.id if is_users_key(record) else ""]
        parts += [text for pair in sorted(record.fields.items()) for text in pair]
        content = "\x00".join(parts)
        keys.append(generate_key(library, content, str(seen[content])))
        seen[content] += 1
    return keys
