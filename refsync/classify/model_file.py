"""The file of an area model: plain arrays in an `.npz` with a JSON header. Reading it executes nothing.

| array | type, shape | contents |
|---|---|---|
| `header` | uint8 | JSON: format, name, classes, thresholds, and notes of the training |
| `words` | uint8 | the U words of the vocabulary, UTF-8, one per line |
| `pairs` | uint16, (P, 2) | its P pairs of words, as indices of `words`, ascending; V = U + P terms |
| `idf` | uint8, (V,) | inverse document frequency in steps of `IDF_STEP` |
| `mask` | uint8 | bits of V x C in row order: which weights are not 0 |
| `weights` | int8, (number of bits set,) | these weights, in units of their class's `scale` |
| `scale`, `bias` | float32, (C,) | per class |
| `calibration` | float32, (2, 2 + C) | slope, competition, offset per class; row 1 is for titles alone |
| `knots` | float32, (2, 2, K, 2) | for papers and titles, for the most likely class and the others: curve of (x, y) |
"""

import io
import json
import math
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refsync.errors import ConfigError, SourceError

FORMAT = "refsync.areas/1"
IDF_STEP = 1 / 16
_MAX_BYTES = 400_000_000  # unpacked; the shipped model has 20 MB, and a larger file may be a decompression bomb
_MAX_CELLS = 200_000_000  # weights, with those that are 0; the shipped model has 30 million
_MAX_HEADER = 20_000_000  # bytes of JSON; an own model lists the papers that it was trained on
_MAX_VALUE = 1e6  # of a number; sums of larger ones would overflow
_MAX_KNOTS = 1000  # of a curve
_HINT = "it may be damaged or belong to another program; leave `model` empty for the model of the package"
_ARRAYS = {
    "header": np.uint8,
    "words": np.uint8,
    "pairs": np.uint16,
    "idf": np.uint8,
    "mask": np.uint8,
    "weights": np.int8,
    "scale": np.float32,
    "bias": np.float32,
    "calibration": np.float32,
    "knots": np.float32,
}

_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, MemoryError),  # the archive
    *(ValueError, KeyError, TypeError, IndexError),  # what is in it
)

Threshold = tuple[float, float]
"""An accuracy, and the lowest probability at which the most likely areas reach it."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The contents of a model file. V terms (words, then pairs of words), C classes.

    Attributes:
        pairs: (P, 2) indices of `words`, ascending.
        idf: (V,) float32.
        weights: (V, C) int8; the weights of a class are these times its `scale`.
        scale: (C,) float32.
        bias: (C,) float32.
        calibration: (2, 2 + C) float32, see the module.
        knots: (2, 2, K, 2) float32, see the module.
        thresholds: for papers with an abstract and for titles alone, by rising accuracy.
        notes: figures and settings of the training, for people.
    """

    name: str
    classes: tuple[str, ...]
    words: tuple[str, ...]
    pairs: NDArray[np.uint16]
    idf: NDArray[np.float32]
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    calibration: NDArray[np.float32]
    knots: NDArray[np.float32]
    thresholds: tuple[tuple[Threshold, ...], tuple[Threshold, ...]]
    notes: Mapping[str, Any]

    def term(self, row: int) -> str:
        """The term of a row, as text."""
        if row < len(self.words):
            return self.words[row]
        first, second = self.pairs[row - len(self.words)].tolist()
        return f"{self.words[first]} {self.words[second]}"


def write(model: Weights) -> bytes:
    """The bytes of a model file; equal models give equal bytes."""
    header = {
        "format": FORMAT,
        "name": model.name,
        "classes": model.classes,
        "thresholds": model.thresholds,
        "notes": model.notes,
    }
    arrays = {
        "header": np.frombuffer(json.dumps(header, sort_keys=True, allow_nan=False).encode(), np.uint8),
        "words": np.frombuffer("\n".join(model.words).encode(), np.uint8),
        "pairs": model.pairs,
        "idf": np.round(model.idf / IDF_STEP).astype(np.uint8),
        "mask": np.packbits(model.weights != 0),
        "weights": model.weights[model.weights != 0],
        "scale": model.scale,
        "bias": model.bias,
        "calibration": model.calibration,
        "knots": model.knots,
    }
    return npz_bytes(arrays)


def npz_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """An npz file of arrays without timestamps, so that equal arrays give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def read(path: Path) -> Weights:
    """The model in a file.

    Raises:
        ConfigError: there is no such file.
        SourceError: the file is not a model, or is damaged.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= _MAX_BYTES else b""
    except FileNotFoundError:
        raise ConfigError(f"no model file {path}", hint="leave `model` empty for the model of the package") from None
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {error.strerror}") from error
    if size > _MAX_BYTES:
        raise SourceError(str(path), f"larger than {_MAX_BYTES / 1e6:,.0f} MB, so not an area model", hint=_HINT)
    try:
        return _validate(_unpack(data))
    except _DAMAGE as error:
        raise SourceError(str(path), f"not an area model: {error}", hint=_HINT) from error


def _unpack(data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of the file, each of its type; other contents are ignored.

    Types and shapes are checked before anything of their size is allocated.
    """
    arrays = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.getinfo(f"{name}.npy") for name in _ARRAYS}
        if sum(member.file_size for member in members.values()) > _MAX_BYTES:
            raise ValueError("it unpacks to too many bytes")
        shapes = {}
        for name, dtype in _ARRAYS.items():
            with archive.open(members[name]) as member:
                shapes[name], found = _shape_and_type(member)
            if found != dtype:
                raise ValueError(f"{name} holds {found} instead of {np.dtype(dtype)}")
            if math.prod(shapes[name]) * found.itemsize > members[name].file_size:
                raise ValueError(f"{name} is shorter than it says")
        _check_sizes(shapes)
        for name in _ARRAYS:
            with archive.open(members[name]) as member:
                arrays[name] = np.lib.format.read_array(member, allow_pickle=False)
    return arrays


def _shape_and_type(member: Any) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """The shape and the type of an array, by its header."""
    version = np.lib.format.read_magic(member)
    if version not in {(1, 0), (2, 0)}:
        raise ValueError(f"arrays of version {version}")
    read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read_header(member)
    return tuple(map(int, shape)), dtype


def _check_sizes(shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Refuse a file whose arrays would need much memory, or do not fit each other."""
    if any(len(shapes[name]) != 1 for name in ("header", "words", "idf", "mask", "weights", "scale")):
        raise ValueError("an array has too many dimensions")
    cells = shapes["idf"][0] * shapes["scale"][0]
    if cells > _MAX_CELLS or shapes["header"][0] > _MAX_HEADER or math.prod(shapes["knots"]) > 8 * _MAX_KNOTS:
        raise ValueError("it needs too much memory")
    if shapes["mask"][0] != -(-cells // 8) or shapes["weights"][0] > cells:
        raise ValueError("weights do not fit the other arrays")


def _validate(arrays: Mapping[str, NDArray[Any]]) -> Weights:
    header = json.loads(arrays["header"].tobytes(), parse_constant=_refuse_constant)
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    if not isinstance(header["notes"], dict):
        raise TypeError("its notes are no table")
    model_name, classes = str(header["name"]), tuple(map(str, header["classes"]))
    if not isinstance(header["classes"], list):
        raise TypeError("its classes are no list")
    if not all(text.isprintable() for text in (model_name, *classes)):
        raise ValueError("its name or a class has control characters")
    words, pairs = tuple(arrays["words"].tobytes().decode().split("\n")), arrays["pairs"]
    if len(classes) < 2 or len(set(classes)) < len(classes) or len(set(words)) < len(words) or "" in words:
        raise ValueError("classes or words are too few or repeat")
    if pairs.shape != (len(pairs), 2) or (pairs.size and pairs.max() >= len(words)):
        raise ValueError("pairs do not fit the words")
    if (np.diff(pairs.astype(np.int64) @ [len(words), 1]) <= 0).any():
        raise ValueError("pairs are not ascending")
    shape = (len(words) + len(pairs), len(classes))
    expected = {"idf": shape[:1], "scale": shape[1:], "bias": shape[1:], "calibration": (2, 2 + len(classes))}
    for name, wanted in expected.items():
        if arrays[name].shape != wanted or not np.isfinite(arrays[name]).all():
            raise ValueError(f"{name} does not fit the other arrays")
        if arrays[name].size and np.abs(arrays[name].astype(np.float64)).max() > _MAX_VALUE:
            raise ValueError(f"a number of {name} is too large")
    if (arrays["scale"] < 0).any():
        raise ValueError("scale is negative")
    knots = arrays["knots"]
    if knots.ndim != 4 or knots.shape[:2] + knots.shape[3:] != (2, 2, 2) or not (np.diff(knots, axis=2) >= 0).all():
        raise ValueError("knots are no rising curves")
    if knots.size == 0 or knots.min() < 0 or knots.max() > 1:
        raise ValueError("knots are no probabilities")
    mask = np.unpackbits(arrays["mask"])[: math.prod(shape)].view(bool)
    if mask.size != math.prod(shape) or arrays["weights"].shape != (int(mask.sum()),):
        raise ValueError("weights do not fit the other arrays")
    weights = np.zeros(mask.size, np.int8)
    weights[mask] = arrays["weights"]
    return Weights(
        name=model_name,
        classes=classes,
        words=words,
        pairs=pairs,
        idf=arrays["idf"].astype(np.float32) * np.float32(IDF_STEP),
        weights=weights.reshape(shape),
        scale=arrays["scale"],
        bias=arrays["bias"],
        calibration=arrays["calibration"],
        knots=knots,
        thresholds=(_thresholds(header["thresholds"][0]), _thresholds(header["thresholds"][1])),
        notes=header["notes"],
    )


def _thresholds(rows: Any) -> tuple[Threshold, ...]:
    table = tuple((float(accuracy), float(probability)) for accuracy, probability in rows)
    if not all(0 <= value <= 1 for row in table for value in row):
        raise ValueError("thresholds are no shares")
    return table


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")
