"""Findings in SARIF 2.1.0 (OASIS), which code hosts show next to the lines."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from refsync.check.baseline import fingerprint
from refsync.check.findings import Finding
from refsync.check.rule_table import RULES, Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"


def sarif(findings: Sequence[Finding], version: str, folder: Path, failures: Iterable[str] = ()) -> dict[str, Any]:
    """One run of the check as a SARIF log.

    Args:
        findings: what the rules reported.
        version: that of refsync.
        folder: the working directory: files below it are named relative to it.
        failures: why files could not be read.
    """
    codes = list(RULES)
    notifications = [{"level": "error", "message": {"text": failure}} for failure in failures]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "refsync", "version": version, "rules": [*map(_rule, RULES.values())]}},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_ROOT: {"uri": f"{folder.resolve().as_uri().rstrip('/')}/"}},
                "invocations": [
                    {"executionSuccessful": not notifications, "toolExecutionNotifications": notifications}
                ],
                "results": [_result(item, codes.index(item.code), folder) for item in findings],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.title.replace(",", "").replace("-", " ").split()),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.remedy},
        "defaultConfiguration": {"enabled": rule.default, "level": rule.severity},
    }


def _result(item: Finding, index: int, folder: Path) -> dict[str, Any]:
    message = f"{item.key!r} {item.message}" if item.key else item.message
    return {
        "ruleId": item.code,
        "ruleIndex": index,
        "level": item.rule.severity,
        "message": {"text": message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _location(item.source, folder),
                    "region": {"startLine": item.line, "startColumn": item.column},
                }
            }
        ],
        "partialFingerprints": {"refsync/v1": fingerprint(item)},
        "properties": {"fixable": item.fixable},
    }


def _location(source: str, folder: Path) -> dict[str, str]:
    path = Path(source)
    try:
        inside = PurePath(path.absolute().relative_to(folder.absolute()) if path.is_absolute() else path)
    except ValueError:
        return {"uri": path.as_uri()}
    return {"uri": quote(os.fsencode(inside.as_posix())), "uriBaseId": _ROOT}
