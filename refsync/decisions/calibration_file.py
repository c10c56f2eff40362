"""The file of a calibration learned from answers: numbers in JSON, next to the decisions."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refsync.errors import ConfigError

if TYPE_CHECKING:  # every run needs the file name, few have the file
    from refsync.dedup.calibration import Calibration

FILE_NAME = "refsync-calibration.json"
SCHEMA = "refsync.calibration/1"


def dump(calibration: "Calibration", about: Mapping[str, Any]) -> bytes:
    """The bytes of the file; `about` documents how the calibration was learned and evaluated."""
    content = {
        "schema": SCHEMA,
        "model": calibration.model,
        "answers": calibration.answers,
        "knots": [list(knot) for knot in calibration.knots],
        **about,
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def load(path: Path) -> "Calibration":
    """The calibration in a file.

    Raises:
        ConfigError: the file does not exist or is damaged.
    """
    from refsync.dedup.calibration import Calibration

    try:
        content = json.loads(path.read_bytes())
        if content["schema"] != SCHEMA:
            raise ConfigError(f"{path}: the schema is {content['schema']!r}, not {SCHEMA}", hint=_REMEDY)
        knots = tuple((float(before), float(after)) for before, after in content["knots"])
        return Calibration(knots, str(content["model"]), int(content["answers"]))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such calibration", hint=_REMEDY) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConfigError(f"{path}: not a calibration: {error}", hint=_REMEDY) from None


_REMEDY = "`refsync learn` makes one"
