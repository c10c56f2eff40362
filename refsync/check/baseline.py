"""Old debts: findings that a bibliography is allowed to keep, known again wherever their lines move."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from refsync.check.findings import Finding
from refsync.errors import ConfigError

SCHEMA = "refsync.baseline/1"

Debts = Counter[tuple[str, str]]
"""How often each fingerprint may be found in each file; files are named relative to the baseline's folder."""


def fingerprint(finding: Finding) -> str:
    """What a finding is known again by: its rule, key and subject, and neither line nor wording."""
    said = "\x1f".join((finding.code, finding.key, finding.anchor))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def relative(source: str, folder: Path) -> str:
    """A file's name as a baseline in this folder has it, with slashes on every system."""
    return PurePath(os.path.relpath(source, folder)).as_posix()


def read_baseline(path: Path) -> Debts:
    """The debts in a file that `render` made.

    Raises:
        ConfigError: there is no such file, or it is something else.
    """
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        rows = {SCHEMA: content["findings"]}[content["schema"]]
        return Debts((row["source"], row["fingerprint"]) for row in rows)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such baseline", hint=f"write one with --write-baseline {path}") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise ConfigError(f"{path}: no baseline of refsync", hint=f"write one with --write-baseline {path}") from None


def without_debts(findings: Iterable[Finding], debts: Debts, folder: Path) -> tuple[list[Finding], list[Finding]]:
    """The findings that are new, and those that are old debts."""
    left = Counter(debts)
    new: list[Finding] = []
    old: list[Finding] = []
    for finding in findings:
        name = (relative(finding.source, folder), fingerprint(finding))
        (old if left[name] > 0 else new).append(finding)
        left[name] -= 1
    return new, old


def render(findings: Sequence[Finding], folder: Path, others: Sequence[Mapping[str, str]] = ()) -> bytes:
    """A baseline of these findings as the bytes of a file: sorted, one line each, so that it diffs well in git.

    Args:
        findings: what is owed.
        folder: where the file will be.
        others: rows of an earlier baseline that are to stay, of files that were not checked.
    """
    rows = [
        {"source": relative(item.source, folder), "code": item.code, "key": item.key, "fingerprint": fingerprint(item)}
        for item in findings
    ]
    lines = sorted(json.dumps(row, ensure_ascii=False) for row in (*rows, *others))
    body = ",\n  ".join(lines)
    return f'{{"schema": "{SCHEMA}",\n "findings": [\n  {body}\n]}}\n'.encode("utf-8", "backslashreplace")


def rows_of_others(path: Path, checked: Collection[str]) -> list[dict[str, str]]:
    """The rows of a baseline about files that were not checked; none where there is no baseline yet."""
    if not path.is_file():
        return []
    read_baseline(path)
    names = {relative(source, path.parent) for source in checked}
    rows: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))["findings"]
    return [row for row in rows if row["source"] not in names]
