"""The file of proposed groups, in which a person accepts, renames or drops them: TOML or JSON, by its ending."""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refsync.errors import ConfigError, SourceError
from refsync.text.control_characters import without_controls

SCHEMA = "refsync.groups/1"
_HEAD = """\
# Groups proposed for {papers} papers. Set `accept = true` for each group that you want and give it a `name` of your
# own; delete a paper's line to remove it from the group. Groups that are not accepted are ignored. Then run:
#   refsync train LIBRARY --groups {name} -o own.npz
schema = "{schema}"
"""


@dataclass(frozen=True, slots=True)
class ProposedGroup:
    """A group in the file; its papers are (fingerprint, title)."""

    name: str
    terms: tuple[str, ...]
    papers: tuple[tuple[str, str], ...]


def write_proposal(groups: Sequence[ProposedGroup], name: str) -> bytes:
    """The bytes of the file, with no group accepted."""
    if name.lower().endswith(".json"):
        rows = [
            {
                "name": group.name,
                "accept": False,
                "terms": group.terms,
                "papers": [fingerprint for fingerprint, _ in group.papers],
            }
            for group in groups
        ]
        return (json.dumps({"schema": SCHEMA, "groups": rows}, ensure_ascii=False, indent=1) + "\n").encode()
    lines = [_HEAD.format(papers=sum(len(group.papers) for group in groups), name=Path(name).name, schema=SCHEMA)]
    for group in groups:
        lines.append(f"[[groups]]\nname = {_toml_string(group.name)}\naccept = false")
        lines.append(f"terms = [{', '.join(map(_toml_string, group.terms))}]\npapers = [")
        lines += [f"  {_toml_string(fingerprint)}, # {' '.join(title.split())}" for fingerprint, title in group.papers]
        lines.append("]\n")
    return "\n".join(lines).encode()


def read_proposal(path: Path) -> dict[str, str]:
    """The names of the accepted groups by the fingerprints of their papers.

    Raises:
        ConfigError: there is no such file, or no group in it is accepted.
        SourceError: it is not a proposal, or is damaged.
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
        raise ConfigError(
            f"{path}: the name {wrong!r} would be read as two keywords", hint="leave out commas and semicolons"
        )
    if not labels or not all(labels.values()):
        raise ConfigError(f"{path}: no group in it is accepted", hint="set `accept = true` for those that you want")
    return labels


def _accepted(content: Any) -> dict[str, str]:
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise ValueError(f"its schema is not {SCHEMA}")
    accepted = [group for group in content["groups"] if group.get("accept") is True]
    return {
        str(fingerprint): " ".join(without_controls(str(group["name"])).split())
        for group in accepted
        for fingerprint in group["papers"]
    }


def _toml_string(value: str) -> str:
    """A TOML basic string: a JSON string, except that DEL is escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
