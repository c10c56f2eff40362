"""Baselines: existing findings that are not reported, recognized wherever their lines move."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any

from refsync.check.findings import Finding
from refsync.errors import ConfigError

SCHEMA = "refsync.baseline/1"

Baseline = Counter[tuple[str, str]]
"""How often each fingerprint may occur in each file; files are named relative to the baseline's folder."""


def fingerprint(finding: Finding) -> str:
    """The identity of a finding, as 16 hexadecimal digits: its rule, key and subject, but neither line nor wording."""
    identity = "\x1f".join((finding.code, finding.key, finding.anchor))
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def relative_name(source: str, folder: Path) -> str:
    """A file's name in a baseline of this folder, with slashes on every system."""
    return PurePath(os.path.relpath(source, folder)).as_posix()


def read_baseline(path: Path) -> Baseline:
    """The findings in a file that `render` made.

    Raises:
        ConfigError: there is no such file, or it is something else.
    """
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        rows = {SCHEMA: content["findings"]}[content["schema"]]
        return Baseline((row["source"], row["fingerprint"]) for row in rows)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such baseline", hint=f"write one with --write-baseline {path}") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ConfigError(
            f"{path}: not a baseline of refsync", hint=f"write one with --write-baseline {path}"
        ) from None


def renamed_files(
    findings: Iterable[Finding], baseline: Baseline, gone: Collection[str], folder: Path
) -> dict[str, str]:
    """The files that the baseline has under another name: for each, that name.

    Args:
        findings: what is found now.
        baseline: the existing findings.
        gone: the files of the baseline that do not exist any more.
        folder: the baseline's folder.

    A file that the baseline does not have is matched to the missing file with which it shares most findings.
    """
    known = {source for source, _ in baseline}
    found: dict[str, Counter[str]] = {}
    for finding in findings:
        name = relative_name(finding.source, folder)
        if name not in known:
            found.setdefault(name, Counter())[fingerprint(finding)] += 1
    of_gone = {name: Counter[str]() for name in sorted(gone)}
    for (source, mark), count in baseline.items():
        if source in of_gone:
            of_gone[source][mark] += count
    shared = sorted(
        ((-(own & marks).total(), name, old) for name, own in found.items() for old, marks in of_gone.items()),
    )
    renamed: dict[str, str] = {}
    for negative, name, old in shared:
        if negative and name not in renamed and old not in renamed.values():
            renamed[name] = old
    return renamed


def split_by_baseline(
    findings: Iterable[Finding], baseline: Baseline, folder: Path, renamed: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[Finding], list[Finding]]:
    """The new findings, and the existing ones, which the baseline has; `renamed` as `renamed_files` returns it."""
    if not baseline:
        return [*findings], []
    left = Counter(baseline)
    new: list[Finding] = []
    existing: list[Finding] = []
    for finding in findings:
        name = relative_name(finding.source, folder)
        identity = (renamed.get(name, name), fingerprint(finding))
        (existing if left[identity] > 0 else new).append(finding)
        left[identity] -= 1
    return new, existing


def render(findings: Sequence[Finding], folder: Path, other_rows: Sequence[Mapping[str, str]] = ()) -> bytes:
    """A baseline of these findings as the bytes of a file: sorted, one line each, so that it diffs well in git.

    Args:
        findings: the findings not to report again.
        folder: where the file will be.
        other_rows: rows of an earlier baseline to keep, see `rows_of_unchecked_files`.
    """
    rows = [
        {
            "source": relative_name(item.source, folder),
            "code": item.code,
            "key": item.key,
            "fingerprint": fingerprint(item),
        }
        for item in findings
    ]
    lines = sorted(json.dumps(row, ensure_ascii=False) for row in (*rows, *other_rows))
    body = ",\n  ".join(lines)
    return f'{{"schema": "{SCHEMA}",\n "findings": [\n  {body}\n]}}\n'.encode("utf-8", "backslashreplace")


def rows_of_unchecked_files(path: Path, checked: Collection[str]) -> list[dict[str, str]]:
    """The rows of a baseline about files that were not checked and exist; empty where there is no baseline yet.

    Raises:
        ConfigError: the file is no baseline.
    """
    if not path.is_file():
        return []
    read_baseline(path)
    names = {relative_name(source, path.parent) for source in checked}
    rows: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))["findings"]
    return [row for row in rows if row["source"] not in names and (path.parent / row["source"]).exists()]
