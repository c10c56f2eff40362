"""CSL's one `publisher` for what BibTeX has in several fields: `organization`, `institution`, `howpublished`.

BibTeX's styles print them beside or in place of the publisher; CSL's print nothing else. They are joined by `; `, as
pandoc does it, and are in `custom` themselves, from which they are read back.
"""

import re
from collections.abc import Mapping, MutableMapping

_FIELDS = ("school", "institution", "organization", "howpublished", "publisher")
_ADDRESS = re.compile(r"https?:|www\.|doi\.org|\bdoi:", re.IGNORECASE)


def joined_publisher(fields: Mapping[str, str]) -> str:
    """The bodies that these fields name, once each.

    >>> joined_publisher({"publisher": "Moss Press", "organization": "Kelp Society"})
    'Kelp Society; Moss Press'
    """
    parts = (fields.get(name, "") for name in _FIELDS)
    return "; ".join(dict.fromkeys(part for part in parts if part and not _ADDRESS.search(part)))


def take_publisher(fields: MutableMapping[str, str], own: str) -> str:
    """The publisher of CSL; the field `own` is removed if it alone has it."""
    joined = joined_publisher({name: value for name, value in fields.items() if name != own})
    return joined_publisher(fields) if joined else fields.pop(own, "")


def drop_joined_publisher(fields: MutableMapping[str, str], own: str, custom: Mapping[str, str]) -> None:
    """Remove a publisher that was joined from the fields in `custom`."""
    if fields.get(own) and fields[own] == joined_publisher(custom):
        del fields[own]
