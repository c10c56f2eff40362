"""A file of proposed groups, for a person to accept, rename or drop: TOML or JSON, by its ending."""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refsync.errors import ConfigError, SourceError

SCHEMA = "refsync.groups/1"
_HEAD = """\
# Groups proposed for {papers} papers. Set `accept = true` for each that you want, give it a `name` of your own, and
# drop a paper from it by deleting its line. What is not accepted is not learnt. Then:
#   refsync train LIBRARY --groups {name} -o own.npz
schema = "{schema}"
"""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A group as it is written: papers are (fingerprint, title)."""

    name: str
    terms: tuple[str, ...]
    papers: tuple[tuple[str, str], ...]


def write_proposal(groups: Sequence[Proposed], name: str) -> bytes:
    """The file, none of its groups accepted."""
    if name.lower().endswith(".json"):
        rows = [
            {"name": one.name, "accept": False, "terms": one.terms, "papers": [print_ for print_, _ in one.papers]}
            for one in groups
        ]
        return (json.dumps({"schema": SCHEMA, "groups": rows}, ensure_ascii=False, indent=1) + "\n").encode()
    lines = [_HEAD.format(papers=sum(len(one.papers) for one in groups), name=Path(name).name, schema=SCHEMA)]
    for one in groups:
        lines.append(f"[[groups]]\nname = {_text(one.name)}\naccept = false")
        lines.append(f"terms = [{', '.join(map(_text, one.terms))}]\npapers = [")
        lines += [f"  {_text(print_)}, # {' '.join(title.split())}" for print_, title in one.papers]
        lines.append("]\n")
    return "\n".join(lines).encode()


def read_proposal(path: Path) -> dict[str, str]:
    """The accepted groups' names by the fingerprints of their papers.

    Raises:
        ConfigError: there is no such file, or nothing in it is accepted.
        SourceError: it is no proposal, or is damaged.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content: Any = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
        labels = _accepted(content)
    except FileNotFoundError:
        raise ConfigError(f"no file {path}", hint=f"`refsync areas LIBRARY --suggest 8 -o {path}` writes one") from None
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(str(path), f"not a proposal of groups: {error}") from error
    if wrong := next((name for name in labels.values() if {",", ";"} & {*name}), ""):
        raise ConfigError(f"{path}: the name {wrong!r} would be two keywords", hint="leave out commas and semicolons")
    if not labels or not all(labels.values()):
        raise ConfigError(f"{path}: no group in it is accepted", hint="set `accept = true` for those that you want")
    return labels


def _accepted(content: Any) -> dict[str, str]:
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise ValueError(f"its schema is not {SCHEMA}")
    accepted = [group for group in content["groups"] if group.get("accept") is True]
    return {str(print_): str(group["name"]).strip() for group in accepted for print_ in group["papers"]}


def _text(value: str) -> str:
    """A TOML basic string, which JSON's strings are but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
