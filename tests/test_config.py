"""The configuration: where settings come from, which override which, and the errors for mistakes."""

from pathlib import Path

import pytest

from refsync.config import PROFILES, Config, load_config, profile_table
from refsync.errors import ConfigError
from tests.paths import ROOT

CONFIGS = ROOT / "configs"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_loads(path: Path) -> None:
    assert isinstance(load_config(str(path)), Config)


@pytest.mark.parametrize("name", PROFILES)
def test_the_profile_in_configs_equals_the_built_in_one(name: str, tmp_path: Path) -> None:
    built_in = Path(load_config.__code__.co_filename).parent / "profiles" / f"{name}.toml"
    assert (CONFIGS / f"{name}.toml").read_text() == built_in.read_text()
    assert load_config(profile=name, start=tmp_path).profile == name


def test_balanced_is_the_default_and_equals_the_defaults_of_the_classes(tmp_path: Path) -> None:
    assert load_config(start=tmp_path) == Config() == load_config(profile="balanced", start=tmp_path)
    assert set(profile_table("balanced")) <= {"dedup", "areas"}


def test_profiles_differ_in_their_threshold(tmp_path: Path) -> None:
    careful, balanced, greedy = (load_config(profile=name, start=tmp_path).dedup.same for name in PROFILES)
    assert careful > balanced > greedy


def test_the_nearest_file_overrides_the_profile(tmp_path: Path) -> None:
    write(tmp_path / "refsync.toml", 'profile = "greedy"\n[dedup]\nsame = 0.7\n')
    inner = tmp_path / "a" / "b"
    write(tmp_path / "a" / "pyproject.toml", "[tool.other]\nx = 1\n")  # without [tool.refsync]: skipped
    inner.mkdir()
    config = load_config(start=inner)
    assert (config.profile, config.dedup.same) == ("greedy", 0.7)
    assert config.dedup.review == load_config(profile="greedy", start=Path("/")).dedup.review
    write(inner / "pyproject.toml", "[tool.refsync]\nprofile = 'careful'\n")
    assert load_config(start=inner).profile == "careful"


def test_the_command_line_overrides_the_profile_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "x.toml", 'profile = "greedy"')
    assert (
        load_config(str(path), profile="careful").dedup.same
        == load_config(profile="careful", start=tmp_path).dedup.same
    )


def test_a_file_extends_another(tmp_path: Path) -> None:
    write(tmp_path / "base" / "team.toml", 'profile = "careful"\n[dedup]\nsame = 0.99\nreview = 0.5\n')
    path = write(tmp_path / "mine.toml", 'extend = "base/team.toml"\n[dedup]\nreview = 0.4\n')
    config = load_config(str(path))
    assert (config.profile, config.dedup.same, config.dedup.review) == ("careful", 0.99, 0.4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("profil = 'x'", "unknown key `profil`.*did you mean `profile`"),
        ("[dedup]\nsam = 1", "unknown key `dedup.sam`.*did you mean `dedup.same`"),
        ("[dedup]\nsame = 'high'", "`dedup.same` must be of type float, not str"),
        ("[dedup]\nsame = 2", "same"),
        ("[dedup]\nversions = 'join'", "'link', 'merge'"),
        ("dedup = 1", "`dedup` must be a table"),
        ("[areas]\nmax_areas = true", "must be of type int, not bool"),
        ("profile = 'bold'", "unknown profile 'bold'"),
        ("profile = [1]", "unknown profile"),
        ("[merge.fields]\ntitle = 'best'", "`merge.fields.title` is 'best'.*'longest'"),
        ("[merge]\nfields = 'longest'", "`merge.fields` must be a table"),
        ("x =", "not valid TOML"),
        ("extend = 'gone.toml'", "gone.toml: no such configuration file"),
        ("extend = 'bad.toml'", "extends itself"),
    ],
)
def test_errors_name_the_file_and_what_to_do(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path / "bad.toml", text)
    with pytest.raises(ConfigError, match=message):
        load_config(str(path))


def test_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "base.toml", 'cites = ["paper/*.tex", "book"]')
    (tmp_path / "deep").mkdir()
    write(tmp_path / "deep" / "refsync.toml", 'extend = "../base.toml"')
    monkeypatch.chdir(tmp_path / "deep")
    assert load_config().cites == ("../paper/*.tex", "../book")
