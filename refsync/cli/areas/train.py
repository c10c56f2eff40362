"""`refsync train`: learn areas from the user's own labels."""

from pathlib import Path

import click

from refsync import schemas
from refsync.classify import model_file, own_areas
from refsync.classify.area_answers import PREFIX
from refsync.classify.embedding import load_embedding
from refsync.classify.labels import FIELDS, MINIMUM
from refsync.classify.model import load_model
from refsync.classify.proposed_groups import read_proposal
from refsync.cli.areas.library import area_answers, expanded
from refsync.cli.common import show
from refsync.cli.common.options import Common, common_options
from refsync.cli.common.output_files import check_target, write_file
from refsync.cli.common.stages import UNREADABLE, exit_code, must_stop, read_inputs
from refsync.errors import ConfigError
from refsync.planning.training_set import Lessons, lessons

SHOWN = 10  # labels left out, and labels that look wrong
ENGLISH = 0.5  # share of the words that the shipped embedding has to know to be of help


@click.command("train", short_help="Learn areas from your own keywords, groups or folders.")
@click.argument("inputs", nargs=-1, required=True, metavar="LIBRARY...")
@click.option(
    "-o", "--output", default="", metavar="MODEL", help="The model to write (.npz). Without it, figures only."
)
@click.option(
    "--labels", "fields", default="", metavar="FIELDS", help=f"Fields that hold labels.  [default: {','.join(FIELDS)}]"
)
@click.option(
    "--groups", default="", metavar="PROPOSAL", help="Groups accepted in a file of `refsync areas --suggest`."
)
@click.option(
    "--min-examples",
    default=MINIMUM,
    show_default=True,
    type=click.IntRange(min=2),
    help="Papers that a label needs to be learnt.",
)
@common_options
def command(common: Common, inputs: tuple[str, ...], output: str, fields: str, groups: str, min_examples: int) -> int:
    """Learn areas from the labels in LIBRARY..., and say how well each can be told.

    Labels are keywords, JabRef groups and tags; of a directory, the folders in it, or its files' names. Nested ones are
    written `vision > video` or `vision/video`. Labels that name no subject (`to-read`, ratings, dates, people) are left
    out, each with the reason, and so are keywords that refsync added itself, unless somebody confirmed them. Figures
    are cross-validated: each paper is judged by models that had not seen it. Learning starts from what ships, so that 5
    to 20 papers a label are enough to begin with; labels with few papers are only suggested, never applied.

    \b
    Examples:
      refsync train refs.bib                          # what could be learnt, and how well
      refsync train refs.bib -o own_areas.npz
      refsync train papers/ -o own_areas.npz                # papers/vision/*.bib, papers/hci.bib, ...
      refsync train refs.bib --labels groups -o own_areas.npz
      refsync tag new.bib --model own_areas.npz
    """
    if output:
        check_target(output, (".npz",), inputs, "a model")
    names = tuple(name.strip().lower() for name in fields.split(",") if name.strip()) or FIELDS
    files, folders = expanded(inputs)
    answers, problems = area_answers(inputs, output, common)
    accepted = read_proposal(Path(groups)) if groups else {}
    with show.progress(common.quiet) as report:
        reading = read_inputs(files, common, report)
        if must_stop(reading, common):
            return UNREADABLE
        show.print_problems(problems, common.quiet, common.verbose)
        prefix = common.config.areas.prefix or PREFIX
        found = lessons(reading.records, answers, names, folders, accepted, prefix, min_examples)
        _refuse(found, names)
        trained = own_areas.train(
            found.examples,
            found.choice.learnable,
            load_model().weights,
            load_embedding(),
            Path(output).stem or "own",
            {"trained_on": sorted(print_[: own_areas.PRINT] for print_ in found.taught)},
            lambda done, total: report("train", done, total),
        )
    if trained.covered < ENGLISH:
        note = f"what ships is English and knows {trained.covered:.0%} of these words; areas rest on your papers alone"
        click.echo(f"refsync: note: {note}", err=True)
    if output:
        write_file(output, model_file.write(trained.weights), "train")
    if common.json:
        show.print_json(schemas.train(found, trained, output or None))
    else:
        _print(found, trained, common.verbose)
        if output:
            size = Path(output).stat().st_size / 1e6
            click.echo(f"\nwritten to {output} ({size:.1f} MB); use it: refsync tag {inputs[0]} --model {output}")
    return exit_code(reading)


def _refuse(found: Lessons, fields: tuple[str, ...]) -> None:
    """Refuse a library of which nothing can be learnt.

    Raises:
        ConfigError: fewer than two labels can be.
    """
    learnable, left_out = found.choice.learnable, found.choice.left_out
    if len(learnable) > 1:
        return
    if not (learnable or left_out):
        raise ConfigError(
            f"no labels: none of the {show.counted(len(found.examples), 'paper')} has {', '.join(fields)}",
            hint="name the field with --labels, or let `refsync areas LIBRARY --suggest 8` propose groups",
        )
    why = "; ".join(f"{item.label!r} ({item.papers}): {item.why}" for item in left_out[:3])
    why = f". Left out: {why}" if why else ""
    only = f"one label that can be learnt, {learnable[0]!r}" if learnable else "no label that can be learnt"
    raise ConfigError(f"{only}; two are needed{why}", hint="`--min-examples` lowers what a label needs")


def _print(found: Lessons, trained: own_areas.Trained, verbose: bool) -> None:
    """The figures, what was left out, and what looks wrong."""
    labelled = trained.weights.notes["papers"]
    click.echo(f"{show.counted(len(found.examples), 'paper')}, {labelled:,} with a label that can be learnt")
    click.echo(
        f"cross-validated: the likeliest label is right for {trained.accuracy:.0%} (the commonest would be for "
        f"{trained.chance:.0%}), one of three for {trained.top3:.0%}; by title alone {trained.titles:.0%}"
    )
    rows = [
        (one.label, f"{one.papers:,}", f"{one.precision:.2f}", f"{one.recall:.2f}", f"{one.f1:.2f}", _status(one))
        for one in sorted(trained.labels, key=lambda one: (-one.papers, one.label))
    ]
    show.print_columns(("label", "papers", "precision", "recall", "F1", ""), rows)
    show.print_left_out(found.choice.left_out, SHOWN if not verbose else None)
    doubts = trained.doubts if verbose else trained.doubts[:SHOWN]
    if doubts:
        click.echo(f"\n{show.counted(len(trained.doubts), 'label')} that may be wrong")
    for doubt in doubts:
        record = found.records[doubt.example]
        click.echo(
            f"  {show.place_of(record)}  {doubt.label} {doubt.probability:.0%}, rather {doubt.rather} "
            f"{doubt.rather_probability:.0%}  {show.title_of(record, 60)}"
        )
    if len(doubts) < len(trained.doubts):
        click.echo(f"  ... -v shows all {len(trained.doubts):,}")


def _status(one: own_areas.LabelFigures) -> str:
    return f"only suggested: {one.why}" if one.why else ""
