"""The options that several commands share, as decorators and as values."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import wraps
from typing import Any, TypeVar

import click

from refsync.cli.common.engine import LOCAL, Engine
from refsync.cli.common.folded_help import FoldedOption, help_all_option
from refsync.cli.common.named_files import complete_files, expand, print_notes
from refsync.cli.common.output import echo
from refsync.config import PROFILES, Config, LoadedConfig, load_with_origins, user_endpoint
from refsync.config_files import user_file_name
from refsync.in_place.citing import Citing
from refsync.processes import worker_processes

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Common:
    """The options of every command that reads records, with the settings in force.

    `collection` is the part of Zotero libraries that is read, by name or key; empty for all of them.
    """

    config: Config
    from_format: str
    output_format: str
    strict: bool
    quiet: bool
    verbose: bool
    config_path: str = ""
    profile: str = ""
    collection: str = ""
    engine: Engine = LOCAL

    @property
    def json(self) -> bool:
        return self.output_format == "json"

    def with_export(self, **chosen: str | bool | None) -> "Common":
        """The same with other export settings; None leaves a setting as it is."""
        changes: dict[str, Any] = {name: value for name, value in chosen.items() if value is not None}
        return replace(self, config=replace(self.config, export=replace(self.config.export, **changes)))

    def with_areas(self, **chosen: Any) -> "Common":
        """The same with other settings of tagging."""
        return replace(self, config=replace(self.config, areas=replace(self.config.areas, **chosen)))


def own_options(kind: type[Any]) -> Callable[[F], Callable[..., Any]]:
    """Pass a command the options named by the fields of `kind`, a frozen dataclass, as one argument `options`."""
    names = [field.name for field in fields(kind)]

    def decorate(command: F) -> Callable[..., Any]:
        @wraps(command)
        def call(*arguments: Any, **given: Any) -> Any:
            options = kind(**{name: given.pop(name) for name in names})
            return command(*arguments, options=options, **given)

        return call

    return decorate


def common_options(command: F, formats: Sequence[str] = ("text", "json")) -> Callable[..., Any]:
    """Add the shared options to a command and pass them as one `Common`, its first argument.

    `formats` are the formats in which the command can print its results.
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
        loaded = load_with_origins(config_path, profile or "", near=inputs_of(rest))
        if not quiet:
            print_ignored(loaded)
            print_notes()
        config = loaded.config
        common = Common(
            config=config,
            config_path=config_path,
            profile=profile or "",
            from_format=from_format,
            output_format=output_format,
            strict=strict,
            quiet=quiet,
            verbose=verbose,
        )
        return command(common, **rest)

    for option in reversed((*_OPTIONS[:3], format_option(formats), *_OPTIONS[3:])):
        call = option(call)
    return help_all_option(call)


def format_option(formats: Sequence[str] = ("text", "json")) -> Callable[[F], F]:
    """The option `--format`, of one of the formats in which a command can print its results."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(formats),
        default="text",
        show_default=True,
        help="What to print on standard output.",
    )


def collections_option(text: str) -> Callable[[F], F]:
    """The option `--collections [ROOT]`, as `root`: None where it is not given, `refsync` without ROOT."""
    return click.option(
        "--collections", "root", is_flag=False, flag_value="refsync", default=None, metavar="[ROOT]",
        help=f"{text} one collection for each area, under the collection ROOT (`refsync`).",
    )  # fmt: skip


def endpoint_option(text: str) -> Callable[[F], F]:
    """The option `--endpoint`; by default the environment's server, else that of the user's own configuration."""

    def chosen(ctx: click.Context, _: click.Parameter, value: str) -> str:
        named = value or os.environ.get("ZOTERO_ENDPOINT", "")
        return named or user_endpoint(ctx.params.get("config_path") or "")

    return click.option("--endpoint", default="", metavar="URL", callback=chosen, help=text)


def inputs_of(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """The inputs among the arguments of a command, near which its configuration is looked for."""
    inputs: tuple[str, ...] = arguments.get("inputs") or ()
    named = [arguments.get(name) for name in ("file", "against", "output")] if not inputs else [*inputs]
    return tuple(name for name in named if name)


def print_ignored(loaded: LoadedConfig) -> None:
    """Print which settings of a project are not applied."""
    for path, name in loaded.ignored:
        message = f"`{name}` is read from your own configuration only, never from a project's: {user_file_name()}"
        echo(f"refsync: note: {path}: {message}", err=True)


_OPTIONS = (
    click.option(
        "--profile",
        type=click.Choice(PROFILES),
        default=None,
        show_default="balanced",
        help="careful merges only what is certain; greedy merges and asks more; screening is for systematic reviews.",
    ),
    click.option(
        "--config",
        "config_path",
        default="",
        metavar="FILE",
        help="The configuration file.  [default: the refsync.toml nearest to the inputs]",
        is_eager=True,  # it may name the server, which is an option too
        cls=FoldedOption,
    ),
    click.option(
        "--from",
        "from_format",
        default="",
        metavar="FORMAT",
        help="The format of the inputs.  [default: detected]",
        cls=FoldedOption,
    ),
    click.option(
        "--strict", is_flag=True, help="Treat every problem as an error: write nothing, exit with 2.", cls=FoldedOption
    ),
    click.option("-q", "--quiet", is_flag=True, help="No progress bar, no notes; errors only.", cls=FoldedOption),
    click.option(
        "-v", "--verbose", is_flag=True, help="Show every problem, not just the first ones.", cls=FoldedOption
    ),
)

inputs_argument = click.argument(
    "inputs", nargs=-1, required=True, metavar="INPUT...", callback=expand, shell_complete=complete_files
)
output_option = click.option(
    "-o",
    "--output",
    default="",
    metavar="OUT",
    shell_complete=complete_files,
    help="The file to write; `-` for standard output. Without it nothing is written.",
)
against_option = click.option(
    "--against",
    default="",
    metavar="LIB",
    help="A library to compare INPUT with: records that it already has are listed, and left out of OUT.",
)

taxonomy_option = click.option(
    "--taxonomy",
    default="",
    metavar="auto|arxiv|fields|both|none|FILE",
    help="Areas as arXiv's categories, as fields of all sciences, as both, or by a model of your own. "
    "[default: auto: a category where one is sure, else a field]",
)
no_tags_option = click.option("--no-tags", is_flag=True, help="Leave areas out; the same as --taxonomy none.")
plan_option = click.option(
    "--plan",
    "plan_path",
    default="",
    metavar="PLAN.json",
    help="Write only the plan, to this file; `refsync apply PLAN.json` carries out what is accepted in it.",
)
removed_option = click.option(
    "--removed",
    default="",
    metavar="FILE",
    help="Also write the duplicates that were removed, each with the key of its paper (.ris, .csv, ...).",
)


def _use_processes(ctx: click.Context, param: click.Parameter, jobs: int) -> None:
    ctx.with_resource(worker_processes(jobs))


jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    expose_value=False,
    callback=_use_processes,
    help="Compare thousands of records in N processes at once.  [default: one for each core]",
    cls=FoldedOption,
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")

_CITING = (
    click.option(
        "--cites",
        multiple=True,
        metavar="PATH",
        help="A document that cites (.tex, .md, .qmd, .Rmd, .typ, .rst, .org), a folder or a pattern; may be repeated. "
        "The most cited of a paper's keys is kept; of several papers with one key, the cited one keeps it. Documents "
        "beside the inputs count too.",
    ),
    click.option(
        "--rewrite-cites", is_flag=True, help="Change the citations in these documents to the keys that are kept."
    ),
    click.option(
        "--ids/--no-ids",
        default=None,
        help="Keep the replaced keys as aliases in the field `ids`, which biblatex reads.  [default: where the "
        "documents, or else the entries, are for biblatex]",
        cls=FoldedOption,
    ),
)


def citing_options(command: F) -> Callable[..., Any]:
    """Add the options about documents that cite, and pass them as one argument `citing`."""

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
        help="Convert every entry to this dialect.  [default: entries keep theirs]",
    ),
    click.option(
        "--keys",
        default=None,
        metavar="TEMPLATE",
        help="Generate all citation keys, e.g. '{auth}{year}{title}'.  [default: keys stay]",
    ),
    click.option(
        "--style",
        default=None,
        metavar="STYLE",
        help="The CSL style of a formatted bibliography (-o refs.html, refs.txt): apa, ieee, ... or a .csl file.",
        cls=FoldedOption,
    ),
    click.option(
        "--sort",
        type=click.Choice(["none", "key", "author", "year"]),
        default=None,
        help="The order of the entries.  [default: that of the input]",
        cls=FoldedOption,
    ),
)


def export_options(command: F) -> Callable[..., Any]:
    """Add the options about the output, and put their values into the command's `Common`."""

    @wraps(command)
    def call(
        common: Common,
        *,
        dialect: str | None,
        keys: str | None,
        sort: str | None,
        style: str | None,
        **rest: Any,
    ) -> Any:
        return command(common.with_export(dialect=dialect, keys=keys, sort=sort, style=style), **rest)

    for option in reversed(_EXPORTING):
        call = option(call)
    return call


_LIBRARY = (
    click.option(
        "--provenance/--no-provenance",
        default=None,
        help="Name the sources of each entry in the field `refsync-source`.  [default: provenance]",
        cls=FoldedOption,
    ),
    click.option(
        "--versions",
        type=click.Choice(["related", "note", "none"]),
        default=None,
        help="How entries name other versions of their work: by BibLaTeX's `related`, in a note, or not.  "
        "[default: related, in BibLaTeX only]",
        cls=FoldedOption,
    ),
)


def library_options(command: F) -> Callable[..., Any]:
    """Add the options about what a merged library records of its entries, and put their values into `Common`."""

    @wraps(command)
    def call(common: Common, *, provenance: bool | None, versions: str | None, **rest: Any) -> Any:
        return command(common.with_export(provenance=provenance, versions=versions), **rest)

    for option in reversed(_LIBRARY):
        call = option(call)
    return call
