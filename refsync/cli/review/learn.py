"""`refsync learn`: calibrate the pair model on people's answers."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from refsync import schemas
from refsync.cli.common import show
from refsync.cli.common.options import Common, common_options
from refsync.cli.common.output_files import check_target
from refsync.cli.common.stages import UNREADABLE, decisions_file, must_stop, read_inputs
from refsync.decisions import FILE_NAME, read_decisions
from refsync.errors import ConfigError
from refsync.files import digest

if TYPE_CHECKING:  # `--help` starts fast because it imports none of these
    from refsync.decisions.training_pairs import Examples
    from refsync.dedup.calibration import Calibration, Figures

_SHOWN = (0.35, 0.5, 0.65, 0.8, 0.9, 0.95)


@click.command("learn", short_help="Calibrate the pair model on your answers.")
@click.argument("inputs", nargs=-1, metavar="[INPUT...]")
@click.option(
    "-o", "--output", default="", metavar="FILE.json", help="The file to write, instead of one beside the answers."
)
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@common_options
def command(common: Common, inputs: tuple[str, ...], output: str, dry_run: bool) -> int:
    """Refit the calibration of the pair model on the answers in refsync-decisions.jsonl.

    The answers carry the scores that the pairs had when they were asked about; with INPUT... they are scored anew.
    What is learnt is a correction of probabilities, held to what is shipped the more tightly the fewer answers there
    are, and only where people were asked. Rules that hold pairs apart stay as they are. It is written beside the
    answers as refsync-calibration.json, in numbers, and used by every run that uses these answers (-v says so);
    `refsync undo` takes it back.

    Nothing is written where the answers are too few, or where it would do worse on answers that it never saw.

    \b
    Examples:
      refsync learn
      refsync learn refs.bib export.csv --dry-run
      refsync learn -o shared/refsync-calibration.json   # then `calibration` under [dedup] in refsync.toml
    """
    path = decisions_file(inputs or (FILE_NAME,), "", common)
    if path is None:
        raise ConfigError(f"no {FILE_NAME} here", hint="`refsync review INPUT` asks, and writes it")
    from refsync.decisions import calibration_file
    from refsync.dedup.calibration import cross_validated, learn
    from refsync.dedup.pair_model import shipped
    from refsync.runs.apply import write_files

    target = Path(output) if output else path.parent / calibration_file.FILE_NAME
    check_target(str(target), (".json",), inputs, "a calibration")
    examples = _examples(path, inputs, common)
    if examples is None:
        return UNREADABLE
    threshold = common.config.dedup.same
    calibration = learn(examples.scores, examples.same, shipped().name)
    before, after = cross_validated(examples.scores, examples.same, threshold)
    better = after.does_better_than(before)
    result = schemas.learn(examples, calibration, before, after, threshold, str(target) if better else None)
    written = better and not dry_run
    if written:
        facts = {name: result[name] for name in ("used", "same", "left_out", "threshold", "before", "after")}
        about = {"schema": "refsync.learn/1", "inputs": [{"source": str(path), "sha256": digest(path.read_bytes())}]}
        write_files({target: calibration_file.dump(calibration, facts)}, "learn", target.parent, {**about, **facts})
    if common.json:
        show.print_json({**result, "output": str(target) if written else None})
        return 0
    _print(examples, calibration, before, after, threshold)
    if not better:
        click.echo("nothing is written: on answers that it did not see it would do no better than what is shipped")
    elif dry_run:
        click.echo(f"dry run: {target} would be written")
    else:
        click.echo(f"written to {target}; runs that use these answers use it from now on")
        click.echo("`refsync undo` takes it back")
    return 0


def _examples(path: Path, inputs: tuple[str, ...], common: Common) -> "Examples | None":
    """The answers that teach; None where the inputs cannot be read."""
    from refsync.decisions.training_pairs import noted, scored
    from refsync.dedup.pair_model import shipped

    decisions, problems = read_decisions(path)
    show.print_problems(problems, common.quiet, common.verbose)
    if not inputs:
        return noted(decisions, shipped())
    with show.progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report)
        if must_stop(reading, common):
            return None
        return scored(decisions, reading.records, shipped(), common.config.dedup)


def _print(
    examples: "Examples", calibration: "Calibration", before: "Figures", after: "Figures", threshold: float
) -> None:
    count, yes = len(examples.same), int(examples.same.sum())
    click.echo(f"{show.counted(count, 'answer')}: {yes:,} one paper, {count - yes:,} not")
    for why, number in examples.left_out.items():
        click.echo(f"{number:,} more left out: {why}")
    click.echo()
    rows = [
        [name.replace("_", "-"), _figure(one), _figure(other)]
        for name, one, other in zip(asdict(before), asdict(before).values(), asdict(after).values(), strict=True)
    ]
    show.print_columns(["on answers held out", "before", "after"], rows, indent=0)
    click.echo(f"\nmerged, precision and recall are at {threshold:.2f}; log-loss, Brier and ECE: lower is better")
    changed = [(p, q) for p, q in ((p, _after(calibration, p)) for p in _SHOWN) if abs(p - q) >= 0.005]
    moves = ", ".join(f"{p:.2f} -> {q:.2f}" for p, q in changed)
    click.echo(f"probabilities: {moves or 'as they were'}")


def _after(calibration: "Calibration", p: float) -> float:
    import numpy as np

    (moved,) = calibration(np.array([np.log(p / (1 - p))]))
    return float(1 / (1 + np.exp(-moved)))


def _figure(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"
