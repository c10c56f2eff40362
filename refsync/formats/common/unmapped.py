"""Fields for which a format has no place, as lines of its notes: `Field: name: value`."""

from collections.abc import Iterable, Mapping

PREFIX = "Field: "
TYPE = "entrytype"
"""The name under which a type is written that the format lacks."""


def unmapped_lines(fields: Mapping[str, str]) -> list[str]:
    """A line for each field, with white space folded."""
    return [f"{PREFIX}{name}: {' '.join(value.split())}" for name, value in fields.items()]


def split_unmapped(lines: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """The fields of such lines, and the other lines.

    >>> split_unmapped(["Field: shelf: B 12", "A note"])
    ({'shelf': 'B 12'}, ['A note'])
    """
    fields: dict[str, str] = {}
    others: list[str] = []
    for line in lines:
        name, colon, value = line.removeprefix(PREFIX).partition(": ")
        if line.startswith(PREFIX) and colon and name not in fields:
            fields[name] = value
        else:
            others.append(line)
    return fields, others


def with_type(fields: Mapping[str, str], type_: str, read_as: str) -> dict[str, str]:
    """The fields to write in lines, with the type if it would be read as another one."""
    renamed = {f"{TYPE}-field" if name == TYPE else name: value for name, value in fields.items()}
    return renamed if type_ == read_as else {TYPE: type_, **renamed}
