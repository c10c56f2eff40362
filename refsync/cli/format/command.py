"""`refsync format`: .bib files in one layout, in place; what no option names stays byte for byte."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from refsync.cli.common.diff import print_diff
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.file_changes import print_renamed, print_rewritten, print_undo_hint
from refsync.cli.common.inputs import exit_code, must_stop, read_citing, read_inputs
from refsync.cli.common.named_files import complete_files, expand_only_patterns
from refsync.cli.common.options import Common, citing_options, common_options, own_options
from refsync.cli.common.output import echo, write_data
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import show_progress
from refsync.cli.common.text import counted, print_json
from refsync.cli.format.options import FormatCommand, format_options
from refsync.errors import ConfigError, RefsyncError
from refsync.formatting.settings import FormatSettings
from refsync.in_place.aliases import check_in_place, digests_of_files, files_with_aliases
from refsync.in_place.citing import Citing
from refsync.memory import no_collection
from refsync.records import Problem
from refsync.sources import STDIN, Reading

if TYPE_CHECKING:
    from refsync.cites import RewrittenDocument
    from refsync.formatting.format_text import Formatted
    from refsync.formatting.journal_table import JournalTable
    from refsync.planning.key_map import KeyMap

WOULD_CHANGE = 1  # exit code
_SHOWN = 20  # new keys, if nothing is written


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """What `refsync format` does with the result."""

    inputs: tuple[str, ...]
    check: bool
    diff: bool
    write: bool

    def refuse_contradictions(self) -> None:
        """Refuse options that exclude each other.

        Raises:
            ConfigError: they do.
        """
        if self.write and (self.check or self.diff):
            other = "--check" if self.check else "--diff"
            raise ConfigError(f"{other} never writes, and excludes --write", hint="run them one after the other")
        if STDIN in self.inputs and (len(self.inputs) > 1 or self.write):
            raise ConfigError(
                "`-` is for one text from standard input, printed formatted", hint="name files to change with --write"
            )


@click.command("format", cls=FormatCommand, short_help="One layout for .bib files.")
@click.argument(
    "inputs",
    nargs=-1,
    required=True,
    metavar="FILE.bib...",
    callback=expand_only_patterns,
    shell_complete=complete_files,
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Show what --write changes; writes nothing.")
@click.option("--write", is_flag=True, help="Change the files; `refsync undo` undoes it.")
@format_options
@citing_options
@partial(common_options, formats=("text", "json"))
@own_options(FormatOptions)
def command(common: Common, citing: Citing, options: FormatOptions, chosen: Mapping[str, Any]) -> int:
    """Format FILE.bib... in place: layout, values, order of fields and entries, citation keys.

    Only what an option, a preset or the table [format] of the configuration names is changed; every other byte stays,
    and no entry, field or comment is lost. Formatting twice is the same as formatting once. Without --write nothing is
    written. A file with conflict markers, or with an entry that cannot be read, is left as it is.

    \b
    Examples:
      refsync format refs.bib --preset minimal --diff
      refsync format refs.bib --preset minimal --write       # `refsync undo` undoes it
      refsync format refs.bib --indent 2 --align auto --sort key --check
      refsync format *.bib --page-ranges --months macros --write
      refsync format refs.bib --keys '{auth}{year}{title}' --cites paper/ --rewrite-cites --write
      refsync format - --preset bibtex-tidy < refs.bib       # for editors

    \b
    The same in refsync.toml:
      [format]
      preset = "minimal"
      sort = ["key"]
      align = "auto"          # "keep" or false takes a setting out of the preset

    \b
    Exit codes: 0 done, 1 a file would change (--check), 2 a file could not be read or is left as it is.
    """
    options.refuse_contradictions()
    if STDIN in options.inputs:  # has no name that says so
        common = replace(common, from_format=common.from_format or "bibtex")
    settings = replace(common.config.format, **chosen)
    if settings.changes_nothing and not common.quiet:
        hint = "name options, or --preset minimal; see `refsync format --help` and [format] in refsync.toml"
        echo(f"refsync: note: nothing to format: no option is set; {hint}", err=True)
    journals = _read_journals(settings)
    with no_collection(), show_progress(common.quiet) as report:
        reading = read_inputs(options.inputs, common, report)
        # What was read with a note is formatted all the same; damage is reported with what becomes of the file.
        shown = tuple(item for item in reading.problems if item.fatal or item.kind == "encoding")
        if must_stop(replace(reading, problems=shown), common):
            return UNREADABLE
        cites = read_citing(citing, common, report, reading)
        if STDIN not in options.inputs:
            check_in_place(reading)
        results, errors = _format_files(reading, settings, journals, files_with_aliases(reading, citing))
    from refsync.cites import RenamedKeys, outdated_citations, rewrite_documents

    keys = _key_map(reading, results)
    documents = keys.for_documents if keys else RenamedKeys(everywhere={})
    renamed = keys.everything if keys else {}
    rewritten = rewrite_documents(cites, documents, write=citing.rewrite)
    notes = [*(note for item in results for note in item.notes), *outdated_citations(rewritten, cites, documents)]
    notes += keys.problems() if keys else ()
    notes += _outdated_groups(reading, results)
    print_problems([*errors, *notes], common.quiet, common.verbose)
    if common.strict and (errors or notes):
        return UNREADABLE
    changed = [item for item in results if item.before != item.after]
    run = None
    if options.write and changed:
        run = _write(changed, rewritten, renamed, digests_of_files(reading))
    if common.json:
        from refsync import schemas

        print_json(schemas.format_files(results, [*shown, *errors, *notes], renamed, rewritten))
    elif options.diff:
        for item in changed:
            print_diff(item.source, item.before, item.after)
        for document in rewritten:
            print_diff(document.source, document.before, document.after)
    elif STDIN in options.inputs and not options.check:
        _print_text(reading, results)
    elif not common.quiet:
        _report(results, rewritten, options, renamed)
        if run:
            print_undo_hint(run)
    if errors:
        return UNREADABLE
    return exit_code(reading) or (WOULD_CHANGE if options.check and changed else 0)


def _read_journals(settings: FormatSettings) -> "JournalTable":
    from refsync.formats.common.decode import decode
    from refsync.formatting.format_text import NO_JOURNALS
    from refsync.formatting.journal_table import parse_journal_table

    if settings.complete().journals not in ("abbreviate", "expand"):
        return NO_JOURNALS
    name = settings.journal_table
    if not name:
        raise ConfigError(
            f"--journals {settings.journals} needs a table of journals",
            hint="--journal-table FILE, with lines `full name;abbreviation`",
        )
    try:
        data = Path(name).read_bytes()
    except OSError as error:
        raise ConfigError(f"{name}: {error.strerror}", hint="--journal-table names a file of abbreviations") from None
    return parse_journal_table(decode(data, name), name)


def _format_files(
    reading: Reading, settings: FormatSettings, journals: "JournalTable", aliases: Sequence[str]
) -> "tuple[list[Formatted], list[Problem]]":
    """The files formatted, and an error for each that is left as it is."""
    from refsync.formats.bibtex.unencodable import escape_unencodable
    from refsync.formats.common.decode import decode_file
    from refsync.formatting.format_text import format_text
    from refsync.sources import read_again

    damaged = {item.source: item for item in reversed(reading.problems) if item.kind == "damage"}
    results: list[Formatted] = []
    errors: list[Problem] = []
    for snapshot in reading.snapshots:
        source = snapshot.source
        decoded = decode_file(read_again(reading, source), source)
        try:
            result = format_text(source, decoded.exact, settings, journals, aliases=source in aliases)
            # A character without a code in the file's encoding is written as LaTeX, now as in every later run.
            result = replace(result, after=escape_unencodable(result.after, decoded.encoding))
        except ConfigError:
            raise
        except RefsyncError as error:
            errors.append(Problem(source, f"left as it is: {error}", fatal=True))
            continue
        if result.damage:
            errors.append(result.damage)
        elif damage := damaged.get(source):
            message = f"{damage.message}: the file is left as it is; correct it first"
            errors.append(Problem(source, message, damage.line, damage.column, fatal=True))
            result = replace(result, after=result.before, keys=(), notes=())
        results.append(result)
    return results, errors


def _key_map(reading: Reading, results: "Sequence[Formatted]") -> "KeyMap | None":
    """The old citation keys with the new ones; None if no key changes."""
    if not any(item.keys for item in results):
        return None
    from refsync.planning.key_map import KeyMap

    new = {item.source: item.keys for item in results if item.keys}
    keys = [new[record.source][record.index - 1] if record.source in new else record.id for record in reading.records]
    aliases = [record.get("ids") for record in reading.records]
    return KeyMap(reading.records, range(len(reading.records)), keys, aliases)


def _outdated_groups(reading: Reading, results: "Sequence[Formatted]") -> list[Problem]:
    """Notes about the groups of other programs, kept in comments, that list keys which entries had before."""
    from refsync.planning.key_references import outdated_groups

    notes: list[Problem] = []
    old = {snapshot.source: [record.id for record in snapshot.records] for snapshot in reading.snapshots}
    for item in results:
        pairs = zip(old[item.source], item.keys, strict=True) if item.keys else ()
        renamed = {before: after for before, after in pairs if before != after and before not in item.keys}
        notes += outdated_groups(item.source, item.after, renamed)
    return notes


def _write(
    changed: "Sequence[Formatted]",
    rewritten: "Sequence[RewrittenDocument]",
    renamed: Mapping[str, str],
    inputs: Mapping[str, str],
) -> Path:
    """Write the files in one run; its folder."""
    from refsync.planning.revision import Revision
    from refsync.runs.apply import write_revisions

    revisions = [
        Revision(source=item.source, before=item.before, after=item.after, changed=item.changed) for item in changed
    ]
    about = {
        "schema": "refsync.format/1",
        "files": [item.source for item in changed],
        "renamed": dict(renamed),
    }
    return write_revisions(revisions, inputs, "format", rewritten, about).folder


def _print_text(reading: Reading, results: "Sequence[Formatted]") -> None:
    """Print a formatted text, in its own encoding."""
    from refsync.formats.common.decode import encode_like
    from refsync.sources import read_again

    for item in results:
        write_data(encode_like(item.after, read_again(reading, item.source), item.source))
        sys.stdout.buffer.flush()


def _report(
    results: "Sequence[Formatted]",
    rewritten: "Sequence[RewrittenDocument]",
    options: FormatOptions,
    renamed: Mapping[str, str],
) -> None:
    """Print what was changed in each file, or would be."""
    would = "" if options.write else "would be "
    changed = 0
    for item in results:
        if item.damage:
            continue
        if item.before == item.after:
            echo(f"{item.source}: formatted already", err=options.check)
            continue
        changed += 1
        entries = f"{item.changed:,} of {counted(item.entries, 'entry')} changed"
        what = entries if item.changed else "order, white space or comments changed"
        echo(f"{item.source}: {would}formatted: {what}")
    print_renamed(renamed, most=0 if options.write else _SHOWN)
    if options.write:
        print_rewritten(rewritten)
    elif changed:
        echo("nothing was written; --diff shows the changes, --write makes them", err=True)
