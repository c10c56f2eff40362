"""`refsync learn`: calibrate the pair model on people's answers."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from refsync import schemas
from refsync.cli.common.answers import decisions_file
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.inputs import must_stop, read_inputs
from refsync.cli.common.options import Common, common_options
from refsync.cli.common.output import echo, echo_below
from refsync.cli.common.output_files import check_target
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import show_progress
from refsync.cli.common.tables import print_columns
from refsync.cli.common.text import counted, print_json
from refsync.decisions import FILE_NAME, read_decisions
from refsync.errors import ConfigError
from refsync.files import digest

if TYPE_CHECKING:  # `--help` starts fast because it imports none of these
    from refsync.decisions.training_pairs import TrainingPairs
    from refsync.dedup.calibration import Calibration, Figures

_SHOWN_PROBABILITIES = (0.35, 0.5, 0.65, 0.8, 0.9, 0.95)


@click.command("learn", short_help="Calibrate the pair model on your answers.")
@click.argument("inputs", nargs=-1, metavar="[INPUT...]")
@click.option(
    "-o", "--output", default="", metavar="FILE.json", help="The file to write, instead of one beside the answers."
)
@click.option("--dry-run", is_flag=True, help="Print what would change, and write nothing.")
@common_options
def command(common: Common, inputs: tuple[str, ...], output: str, dry_run: bool) -> int:
    """Refit the calibration of the pair model on the answers in refsync-decisions.jsonl.

    The answers contain the scores that the pairs had when they were asked about; with INPUT... the pairs are scored
    again. The result corrects probabilities, in the range that people were asked about; the fewer answers there are,
    the closer it stays to the shipped calibration. Vetoes do not change. It is written as numbers to
    refsync-calibration.json beside the answers, and every run that uses these answers uses it (-v reports that);
    `refsync undo` undoes it.

    Nothing is written if there are too few answers, or if the result is worse on held-out answers.

    \b
    Examples:
      refsync learn
      refsync learn refs.bib export.csv --dry-run
      refsync learn -o shared/refsync-calibration.json   # then `calibration` under [dedup] in refsync.toml
    """
    path = decisions_file(inputs or (FILE_NAME,), "", common)
    if path is None:
        raise ConfigError(f"no {FILE_NAME} here", hint="`refsync review INPUT` asks for answers and writes it")
    from refsync.decisions import calibration_file
    from refsync.dedup.calibration import cross_validated, learn
    from refsync.dedup.pair_model import shipped
    from refsync.runs.apply import write_files

    target = Path(output) if output else path.parent / calibration_file.FILE_NAME
    check_target(str(target), (".json",), inputs, "a calibration")
    pairs = _training_pairs(path, inputs, common)
    if pairs is None:
        return UNREADABLE
    threshold = common.config.dedup.same
    calibration = learn(pairs.scores, pairs.same, shipped().name)
    before, after = cross_validated(pairs.scores, pairs.same, threshold)
    better = after.does_better_than(before)
    result = schemas.learn(pairs, calibration, before, after, threshold, str(target) if better else None)
    written = better and not dry_run
    if written:
        facts = {name: result[name] for name in ("used", "same", "left_out", "threshold", "before", "after")}
        about = {"schema": "refsync.learn/1", "inputs": [{"source": str(path), "sha256": digest(path.read_bytes())}]}
        write_files({target: calibration_file.dump(calibration, facts)}, "learn", target.parent, {**about, **facts})
    if common.json:
        print_json({**result, "output": str(target) if written else None})
        return 0
    _print_figures(pairs, calibration, before, after, threshold)
    if not better:
        echo("nothing is written: on held-out answers the result is no better than the shipped calibration")
    elif dry_run:
        echo(f"dry run: {target} would be written")
    else:
        echo(f"written to {target}; runs that use these answers use it from now on")
        echo("`refsync undo` undoes it")
    return 0


def _training_pairs(path: Path, inputs: tuple[str, ...], common: Common) -> "TrainingPairs | None":
    """The answers to learn from; None if the inputs cannot be read."""
    from refsync.decisions.training_pairs import recorded_pairs, rescored_pairs
    from refsync.dedup.pair_model import shipped

    decisions, problems = read_decisions(path)
    print_problems(problems, common.quiet, common.verbose)
    if not inputs:
        return recorded_pairs(decisions, shipped())
    with show_progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report)
        if must_stop(reading, common):
            return None
        return rescored_pairs(decisions, reading.records, shipped(), common.config.dedup)


def _print_figures(
    pairs: "TrainingPairs", calibration: "Calibration", before: "Figures", after: "Figures", threshold: float
) -> None:
    count, yes = len(pairs.same), int(pairs.same.sum())
    echo(f"{counted(count, 'answer')}: {yes:,} one paper, {count - yes:,} not")
    for reason, number in pairs.left_out.items():
        echo(f"{number:,} more left out: {reason}")
    echo()
    rows = [
        [name.replace("_", "-"), _formatted(one), _formatted(other)]
        for name, one, other in zip(asdict(before), asdict(before).values(), asdict(after).values(), strict=True)
    ]
    print_columns(["on held-out answers", "before", "after"], rows, indent=0)
    echo_below(f"merged, precision and recall are at {threshold:.2f}; log-loss, Brier and ECE: lower is better")
    changed = [
        (p, q) for p, q in ((p, _calibrated(calibration, p)) for p in _SHOWN_PROBABILITIES) if abs(p - q) >= 0.005
    ]
    moves = ", ".join(f"{p:.2f} -> {q:.2f}" for p, q in changed)
    echo(f"probabilities: {moves or 'unchanged'}")


def _calibrated(calibration: "Calibration", p: float) -> float:
    import numpy as np

    (log_odds,) = calibration(np.array([np.log(p / (1 - p))]))
    return float(1 / (1 + np.exp(-log_odds)))


def _formatted(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"
