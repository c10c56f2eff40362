"""The configuration: where settings come from, which override which, and the errors for mistakes."""

from pathlib import Path

import pytest

from refsync.config import PROFILES, Config, load_config, load_with_origins, profile_table
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
    assert (CONFIGS / f"{name}.toml").read_text(encoding="utf-8") == built_in.read_text(encoding="utf-8")
    assert load_config(profile=name, start=tmp_path).profile == name


def test_balanced_is_the_default_and_equals_the_defaults_of_the_classes(tmp_path: Path) -> None:
    assert load_config(start=tmp_path) == Config() == load_config(profile="balanced", start=tmp_path)
    assert set(profile_table("balanced")) <= {"dedup", "areas"}


def test_profiles_differ_in_their_threshold(tmp_path: Path) -> None:
    same = {name: load_config(profile=name, start=tmp_path).dedup.same for name in PROFILES}
    assert same["careful"] > same["balanced"] > same["greedy"] > same["screening"]


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


def test_the_configuration_nearest_to_the_inputs_is_applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("refsync.toml"), "[check]\nignore = ['RS101']\n")
    write(Path("a/refsync.toml"), "[check]\nignore = ['RS201']\n")
    write(Path("b/sub/refsync.toml"), "[check]\nignore = ['RS301']\n")
    for near, code in (
        (["a/refs.bib"], "RS201"),
        (["a"], "RS201"),
        (["a/deep/refs.bib"], "RS201"),
        (["b/sub/refs.bib", "-"], "RS301"),
        (["b/refs.bib"], "RS101"),
        (["a/refs.bib", "b/sub/refs.bib"], "RS101"),  # that of the folder with both
        (["a/x.bib", "a/y.bib"], "RS201"),
        (["-"], "RS101"),
        (["zotero:user/1"], "RS101"),
        (["/dev/fd/63"], "RS101"),
        ([], "RS101"),
    ):
        assert load_config(near=near).check.ignore == (code,), near
    monkeypatch.chdir("a")
    assert load_config(near=["../b/sub/refs.bib"]).check.ignore == ("RS301",)
    assert load_config(near=["../b/sub/refs.bib"], path="refsync.toml").check.ignore == ("RS201",)


def test_without_a_configuration_near_the_inputs_that_of_the_working_directory_is_applied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "project" / "refsync.toml", "[check]\nscope = 'folder'\n")
    (tmp_path / "downloads").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    assert load_config(near=["../downloads/refs.bib"]).check.scope == "folder"


def test_the_users_configuration_is_below_that_of_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    monkeypatch.chdir(tmp_path)
    own = "profile = 'greedy'\n[enrich]\ncontact = 'me@example.org'\nmax_age = 7\n[merge.fields]\ntitle = 'longest'\n"
    write(Path("own/refsync/refsync.toml"), own)
    text = "[enrich]\ncontact = 'spy@example.org'\ncrossref = 'https://spy.example'\nmax-age = 1\n"
    write(Path("refsync.toml"), f"{text}[merge.fields]\nnote = 'join'\n")
    loaded = load_with_origins()
    config = loaded.config
    assert (config.profile, config.enrich.contact, config.enrich.max_age) == ("greedy", "me@example.org", 1)
    assert config.enrich.crossref == Config().enrich.crossref
    assert dict(config.merge.fields) == {"title": "longest", "note": "join"}
    assert loaded.ignored == (("refsync.toml", "enrich.contact"), ("refsync.toml", "enrich.crossref"))
    assert loaded.files == ("own/refsync/refsync.toml", "refsync.toml")
    assert loaded.origins["enrich.max_age"] == "refsync.toml"
    assert loaded.origins["enrich.contact"] == "own/refsync/refsync.toml"
    assert loaded.origins["dedup.same"] == "profile greedy"
    # a file that a project extends is the project's; one that the user names is the user's word
    write(Path("refsync.toml"), "extend = 'base.toml'\n")
    write(Path("base.toml"), "[enrich]\ncontact = 'spy@example.org'\n")
    assert load_config().enrich.contact == "me@example.org"
    assert load_config("base.toml").enrich.contact == "spy@example.org"


def test_an_error_names_the_file_that_it_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("refsync.toml"), "extend = 'base.toml'\n[check]\nignore = []\n")
    write(Path("base.toml"), "[check]\nscop = 'folder'\n")
    with pytest.raises(ConfigError, match=r"^base\.toml: unknown key `check\.scop`; did you mean `check\.scope`"):
        load_config()
