"""The rules of SARIF 2.1.0 (OASIS, sections 3.13 to 3.52) for what `refsync check` writes, as a JSON Schema.

The official schema has more about objects that are not written here; `REFSYNC_SARIF_SCHEMA` names a copy of it, and
the logs are then validated against both.
"""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema

Schema = dict[str, Any]

_COUNTED = {"type": "integer", "minimum": 1}
_TEXT = {"type": "string", "minLength": 1}
_URI = {"type": "string", "format": "uri-reference", "pattern": r"^[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+$"}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}


def _object(required: str = "", **properties: Schema) -> Schema:
    """An object with these properties only, of which those in `required` must be there."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def _list(item: Schema, **more: object) -> Schema:
    return {"type": "array", "items": item, **more}


_MESSAGE = _object("text", text=_TEXT)
_RULE = _object(
    "id",
    id=_TEXT,
    name=_TEXT,
    shortDescription=_MESSAGE,
    fullDescription=_MESSAGE,
    help=_MESSAGE,
    defaultConfiguration=_object(enabled={"type": "boolean"}, level=_LEVEL),
)
_LOCATION = _object(
    physicalLocation=_object(
        "artifactLocation",
        artifactLocation=_object("uri", uri=_URI, uriBaseId=_TEXT),
        region=_object("startLine", startLine=_COUNTED, startColumn=_COUNTED),
    )
)  # fmt: skip
_RESULT = _object(
    "message ruleId",
    ruleId=_TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=_LEVEL,
    message=_MESSAGE,
    locations=_list(_LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": _TEXT},
    properties={"type": "object"},
)
_RUN = _object(
    "tool results",
    tool=_object("driver", driver=_object("name", name=_TEXT, version=_TEXT, rules=_list(_RULE, uniqueItems=True))),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    originalUriBaseIds={"type": "object", "additionalProperties": _object("uri", uri={**_URI, "pattern": "^file:///.*/$"})},
    invocations=_list(
        _object(
            "executionSuccessful",
            executionSuccessful={"type": "boolean"},
            toolExecutionNotifications=_list(_object("message", level=_LEVEL, message=_MESSAGE)),
        )
    ),
    results=_list(_RESULT),
)  # fmt: skip
SCHEMA = _object("version runs", **{"$schema": _URI}, version={"const": "2.1.0"}, runs=_list(_RUN))


def validate_sarif(log: Schema) -> None:
    """Raise where a log breaks a rule of the schema, or one that a schema cannot express."""
    jsonschema.validate(log, SCHEMA, format_checker=jsonschema.FormatChecker())
    if path := os.environ.get("REFSYNC_SARIF_SCHEMA"):
        jsonschema.validate(log, json.loads(Path(path).read_text(encoding="utf-8")))
    for run in log["runs"]:
        ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert len({*ids}) == len(ids)
        for result in run["results"]:
            assert ids[result["ruleIndex"]] == result["ruleId"]
            for location in result["locations"]:
                where = location["physicalLocation"]["artifactLocation"]
                assert "uriBaseId" not in where or where["uriBaseId"] in run["originalUriBaseIds"]
                assert ("uriBaseId" in where) != (":" in where["uri"].partition("/")[0])
