"""The options that commands share, and what the shared ones ask for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import wraps
from typing import Any, TypeVar

import click

from refsync.config import PROFILES, Config, load_config

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Common:
    """What every command that reads records is told."""

    config: Config
    from_format: str
    output_format: str
    strict: bool
    quiet: bool
    verbose: bool

    @property
    def json(self) -> bool:
        return self.output_format == "json"

    def exporting(self, **chosen: str | None) -> "Common":
        """The same with what the command line says of the output."""
        said: dict[str, Any] = {name: value for name, value in chosen.items() if value is not None}
        return replace(self, config=replace(self.config, export=replace(self.config.export, **said)))


def own_options(kind: type[Any]) -> Callable[[F], Callable[..., Any]]:
    """Hand a command those of its options that `kind`, a frozen dataclass, has as fields, as one value `options`."""
    names = [field.name for field in fields(kind)]

    def decorate(command: F) -> Callable[..., Any]:
        @wraps(command)
        def call(*arguments: Any, **given: Any) -> Any:
            options = kind(**{name: given.pop(name) for name in names})
            return command(*arguments, options=options, **given)

        return call

    return decorate


def common_options(command: F, formats: Sequence[str] = ("text", "json")) -> Callable[..., Any]:
    """Add the shared options to a command and hand them over as one `Common`, its first argument.

    `formats` are those that the command can print its results in.
    """

    @wraps(command)
    def call(
        *,
        profile: str | None,
        config_path: str,
        from_format: str,
        output_format: str,
        strict: bool,
        quiet: bool,
        verbose: bool,
        **rest: Any,
    ) -> Any:
        config = load_config(config_path, profile or "")
        common = Common(
            config=config,
            from_format=from_format,
            output_format=output_format,
            strict=strict,
            quiet=quiet,
            verbose=verbose,
        )
        return command(common, **rest)

    output_format = click.option(
        "--format",
        "output_format",
        type=click.Choice(formats),
        default="text",
        show_default=True,
        help="What to print on standard output.",
    )
    for option in reversed((*_OPTIONS[:3], output_format, *_OPTIONS[3:])):
        call = option(call)
    return call


_OPTIONS = (
    click.option(
        "--profile",
        type=click.Choice(PROFILES),
        default=None,
        show_default="balanced",
        help="How bold to be: careful merges only what is certain, greedy asks and merges more.",
    ),
    click.option(
        "--config", "config_path", default="", metavar="FILE", help="Settings, instead of the nearest refsync.toml."
    ),
    click.option(
        "--from", "from_format", default="", metavar="FORMAT", help="The inputs' format, instead of finding it out."
    ),
    click.option("--strict", is_flag=True, help="Treat every problem as an error: write nothing, exit with 2."),
    click.option("-q", "--quiet", is_flag=True, help="No progress bar, no notes; errors only."),
    click.option("-v", "--verbose", is_flag=True, help="Show every problem, not just the first ones."),
)

inputs_argument = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
output_option = click.option(
    "-o",
    "--output",
    default="",
    metavar="OUT",
    help="The file to write; `-` for standard output. Without it nothing is written.",
)
against_option = click.option(
    "--against",
    default="",
    metavar="LIB",
    help="A library to hold INPUT against: what it has already is said, and left out of OUT.",
)

plan_option = click.option(
    "--plan",
    "plan_path",
    default="",
    metavar="PLAN.json",
    help="Write the plan here, and nothing else: `refsync apply PLAN.json` carries out what is accepted in it.",
)

_CITING = (
    click.option(
        "--cites",
        multiple=True,
        metavar="PATH",
        help="A document that cites (.tex, .md, .qmd, .Rmd, .typ, .rst, .org), a folder or a pattern; may be repeated. "
        "Of a paper's keys the one cited most stays.",
    ),
    click.option("--rewrite-cites", is_flag=True, help="Let these documents cite the keys that stay."),
    click.option(
        "--ids/--no-ids",
        default=None,
        help="Keep the keys that go as aliases in `ids`, as biblatex knows them.",
    ),
)


@dataclass(frozen=True, slots=True)
class Citing:
    """What a command that merges is told of documents that cite."""

    paths: tuple[str, ...]
    rewrite: bool
    ids: bool | None


NOT_CITING = Citing((), False, None)


def citing_options(command: F) -> Callable[..., Any]:
    """Add the options about documents that cite, and hand them over as one `citing`."""

    @wraps(command)
    def call(*, cites: tuple[str, ...], rewrite_cites: bool, ids: bool | None, **rest: Any) -> Any:
        return command(citing=Citing(cites, rewrite_cites, ids), **rest)

    for option in reversed(_CITING):
        call = option(call)
    return call


_EXPORTING = (
    click.option(
        "--dialect",
        type=click.Choice(["bibtex", "biblatex"]),
        default=None,
        help="Write every entry in the words of this dialect; without it they stay as they are.",
    ),
    click.option(
        "--keys",
        default=None,
        metavar="TEMPLATE",
        help="Make all citation keys anew, e.g. '{auth}{year}{title}'; without it they stay.",
    ),
    click.option(
        "--style",
        default=None,
        metavar="STYLE",
        help="The CSL style of a formatted bibliography (-o refs.html, refs.txt), as apa or ieee, or a .csl file.",
    ),
    click.option(
        "--sort",
        type=click.Choice(["none", "key", "author", "year"]),
        default=None,
        help="The order of the entries.  [default: that of the input]",
    ),
)


def export_options(command: F) -> Callable[..., Any]:
    """Add the options about what is written, and put what they say into the `Common` of the command."""

    @wraps(command)
    def call(
        common: Common, *, dialect: str | None, keys: str | None, sort: str | None, style: str | None, **rest: Any
    ) -> Any:
        return command(common.exporting(dialect=dialect, keys=keys, sort=sort, style=style), **rest)

    for option in reversed(_EXPORTING):
        call = option(call)
    return call
