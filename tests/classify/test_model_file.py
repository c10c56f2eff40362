"""A model file is data: it reads back as it was written, and other files are refused."""

import contextlib
import dataclasses
import io
import json
import pickle
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refsync.classify.model import load_model
from refsync.classify.model_file import Weights, read, write
from refsync.classify.settings import AreaSettings
from refsync.errors import ConfigError, SourceError

LINE = np.array([(0, 0), (0.5, 0.4), (1, 1)], np.float32)
MODEL = Weights(
    name="tiny",
    classes=("stone", "wood"),
    words=("chisel", "marble", "oak"),
    pairs=np.array([(0, 2), (1, 0)], np.uint16),
    idf=np.array([1, 2, 2.5, 4, 4], np.float32),
    weights=np.array([(0, 1), (127, -127), (-5, 9), (0, 3), (2, 0)], np.int8),
    scale=np.array([0.1, 0.2], np.float32),
    bias=np.array([-1, -2], np.float32),
    calibration=np.ones((2, 4), np.float32),
    knots=np.array([[LINE, LINE], [LINE, LINE]]),
    thresholds=(((0.9, 0.7),), ()),
    notes={"papers": 2},
)


def stored(path: Path, **replaced: Any) -> Path:
    """The tiny model's file, with some of its arrays replaced, or left out where they are None."""
    arrays = dict(np.load(io.BytesIO(write(MODEL)))) | replaced
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


def test_a_model_reads_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(write(MODEL))
    again = read(path)
    for field in dataclasses.fields(Weights):
        mine, other = getattr(MODEL, field.name), getattr(again, field.name)
        assert np.array_equal(mine, other) if isinstance(mine, np.ndarray) else mine == other, field.name


def test_equal_models_give_equal_bytes() -> None:
    assert write(MODEL) == write(dataclasses.replace(MODEL))


def test_a_model_file_tags(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(write(MODEL))
    model = load_model(str(path))
    (tagging,) = model.tag([("Marble and chisel", "")], AreaSettings(min_accuracy=0, min_probability=0))
    assert (model.name, model.classes, tagging.primary, len(tagging.areas)) == ("tiny", MODEL.classes, "stone", 2)


def test_a_missing_file_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no model file"):
        load_model(str(tmp_path / "none.npz"))


def test_a_folder_is_not_a_model(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        load_model(str(tmp_path))


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(tmp_path: Path, share: float) -> None:
    path, data = tmp_path / "model.npz", write(MODEL)
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(SourceError, match="not an area model"):
        load_model(str(path))


def test_a_flipped_byte_is_refused_or_harmless(tmp_path: Path) -> None:
    data = write(MODEL)
    for place in range(0, len(data), 7):
        path = tmp_path / f"{place}.npz"
        path.write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        with contextlib.suppress(SourceError):
            read(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"@article{a, title={b}}", b"\x93NUMPY", b"\x00" * 1000])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="not an area model"):
        load_model(str(path))


class _Bomb:
    """Unpickling it leaves a file behind."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (self.path, "w")


def test_a_pickle_in_the_file_is_not_run(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    path = stored(tmp_path / "model.npz", header=np.array([_Bomb(str(trace))], dtype=object))
    with pytest.raises(SourceError):
        load_model(str(path))
    raw = tmp_path / "raw.npz"
    with zipfile.ZipFile(raw, "w") as archive:
        for name in zipfile.ZipFile(io.BytesIO(write(MODEL))).namelist():
            archive.writestr(name, pickle.dumps(_Bomb(str(trace))))
    with pytest.raises(SourceError):
        load_model(str(raw))
    assert not trace.exists()


def test_a_file_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = stored(tmp_path / "model.npz")
    bomb = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name != "idf.npy":
                target.writestr(name, source.read(name))
        with target.open("idf.npy", "w", force_zip64=True) as member:
            for _ in range(410):
                member.write(bytes(1_000_000))
    with pytest.raises(SourceError, match="too many bytes"):
        load_model(str(bomb))


def header(**changes: Any) -> np.ndarray[Any, Any]:
    """The tiny model's header with changes."""
    content = json.loads(dict(np.load(io.BytesIO(write(MODEL))))["header"].tobytes()) | changes
    return np.frombuffer(json.dumps(content).encode(), np.uint8)


@pytest.mark.parametrize("classes", [70_000, 1_000_000])
def test_a_small_file_that_needs_much_memory_is_refused_before_it_is_allocated(tmp_path: Path, classes: int) -> None:
    path = stored(tmp_path / "model.npz", idf=np.ones(3000, np.uint8), scale=np.ones(classes, np.float32))
    tracemalloc.start()
    with pytest.raises(SourceError, match="too much memory"):
        load_model(str(path))
    assert tracemalloc.get_traced_memory()[1] < 50_000_000 + path.stat().st_size
    tracemalloc.stop()


@pytest.mark.parametrize(
    "wrong",
    [
        {"header": header(notes=7)},
        {"header": header(name="own\x1b[2J")},
        {"header": header(classes=["stone", "wo\nod"])},
        {"header": header(notes=[])},
        {"header": header(notes={"least_known": float("nan")})},
        {"header": header(thresholds=[[[0.9, float("inf")]], []])},
        {"header": header(thresholds=[[[0.9, 1.5]], []])},
        {"header": header(classes="ab")},
        {"scale": np.array([np.inf, 1], np.float32)},
        {"scale": np.array([1e38, 1], np.float32)},
        {"scale": np.array([-1, 1], np.float32)},
        {"bias": np.array([1, -1e30], np.float32)},
        {"bias": np.array([1, -np.inf], np.float32)},
        {"bias": None},
        {"header": np.frombuffer(b'{"format": "other"}', np.uint8)},
        {"header": np.frombuffer(b"[]", np.uint8)},
        {"header": np.frombuffer(b"{", np.uint8)},
        {"header": np.frombuffer(b"[" * 100_000, np.uint8)},
        {"words": np.frombuffer(b"oak\noak\nelm", np.uint8)},
        {"words": np.frombuffer(b"\xff\xfe", np.uint8)},
        {"pairs": np.array([(0, 9), (1, 0)], np.uint16)},
        {"pairs": np.array([(1, 0), (0, 2)], np.uint16)},
        {"pairs": np.array([1, 2], np.uint16)},
        {"idf": np.ones(4, np.uint8)},
        {"idf": np.ones(5)},
        {"mask": np.zeros(0, np.uint8)},
        {"weights": np.ones(3, np.int8)},
        {"scale": np.array([np.nan, 1], np.float32)},
        {"calibration": np.ones((2, 3), np.float32)},
        {"knots": np.zeros((2, 2, 0, 2), np.float32)},
        {"knots": np.full((2, 2, 2, 2), 2, np.float32)},
        {"knots": np.full((2, 2, 2, 2), np.nan, np.float32)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(SourceError, match="not an area model"):
        load_model(str(stored(tmp_path / "model.npz", **wrong)))
