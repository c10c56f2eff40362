"""`refsync train`: train an area model on the user's own labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from refsync import schemas
from refsync.classify import model_file, own_areas
from refsync.classify.area_answers import PREFIX, TRAINED_ON
from refsync.classify.embedding import load_embedding
from refsync.classify.labels import LABEL_FIELDS, MIN_PAPERS, LeftOut
from refsync.classify.model import load_model
from refsync.classify.proposed_groups import read_proposal
from refsync.cli.areas.library import expand_directories, library_argument
from refsync.cli.common.answers import recorded_area_answers
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.extras import require
from refsync.cli.common.inputs import exit_code, must_stop, read_inputs
from refsync.cli.common.options import Common, common_options, own_options
from refsync.cli.common.output import echo, echo_below
from refsync.cli.common.output_files import check_target, write_file
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import show_progress
from refsync.cli.common.tables import print_columns
from refsync.cli.common.text import counted, place_of, print_json, title_of
from refsync.errors import ConfigError
from refsync.planning.training_set import LabelRules, TrainingSet, make_training_set
from refsync.text.control_characters import without_controls

SHOWN_LABELS = 10  # labels left out, and labels that look wrong
MIN_COVERAGE = 0.5  # share of the words that the shipped embedding must know to be of help


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """The options of `refsync train` about labels."""

    fields: str
    groups: str
    min_examples: int
    merge_similar: bool


@click.command("train", short_help="Learn areas from your own keywords, groups or folders.")
@library_argument
@click.option(
    "-o",
    "--output",
    default="",
    metavar="MODEL",
    help="The model to write (.npz). Without it: figures only.",
)
@click.option(
    "--labels",
    "fields",
    default="",
    metavar="FIELDS",
    help=f"Fields of labels.  [default: {','.join(LABEL_FIELDS)}]",
)
@click.option(
    "--groups", default="", metavar="PROPOSAL", help="A file of `refsync areas --suggest` with accepted groups."
)
@click.option(
    "--min-examples",
    default=MIN_PAPERS,
    show_default=True,
    type=click.IntRange(min=2),
    help="How many papers a label needs.",
)
@click.option(
    "--merge-similar",
    is_flag=True,
    help="Treat labels that look like one as one: `Dog`, `DOGS`; they are listed without it.",
)
@common_options
@own_options(TrainOptions)
def command(common: Common, inputs: tuple[str, ...], output: str, options: TrainOptions) -> int:
    """Learn areas from the labels in LIBRARY..., and print how well each label can be predicted.

    Labels are keywords, JabRef groups and tags; for a directory, its folders or the names of its files. Nested labels
    are written `vision > video` or `vision/video`. Labels that name no subject (`to-read`, ratings, dates, people) are
    left out, each with the reason, and so are keywords that refsync added itself, unless somebody confirmed them.
    Figures are cross-validated: each paper is classified by models that were not trained on it. Training starts from
    the model and the word embedding of the package, so that 5 to 20 papers per label are enough to begin with; labels
    with few papers are only suggested, never applied.

    \b
    Examples:
      refsync train refs.bib                          # figures only
      refsync train refs.bib -o own_areas.npz
      refsync train papers/ -o own_areas.npz                # papers/vision/*.bib, papers/hci.bib, ...
      refsync train refs.bib --labels groups -o own_areas.npz
      refsync tag new.bib --model own_areas.npz
    """
    require("train", "learning areas")
    if output:
        check_target(output, (".npz",), inputs, "a model")
    fields, groups = options.fields, options.groups
    names = tuple(name.strip().lower() for name in fields.split(",") if name.strip()) or LABEL_FIELDS
    files, folders = expand_directories(inputs)
    answers, problems = recorded_area_answers(inputs, output, common)
    accepted = read_proposal(Path(groups)) if groups else {}
    with show_progress(common.quiet) as report:
        reading = read_inputs(files, common, report)
        if must_stop(reading, common):
            return UNREADABLE
        print_problems(problems, common.quiet, common.verbose)
        prefix = common.config.areas.prefix or PREFIX
        rules = LabelRules(prefix, options.min_examples, options.merge_similar)
        found = make_training_set(reading.records, answers, names, folders, accepted, rules)
        _refuse(found, names)
        trained = own_areas.train(
            found.examples,
            found.choice.learnable,
            load_model().weights,
            load_embedding(),
            without_controls(Path(output).stem) or "own",
            {
                TRAINED_ON: sorted(
                    fingerprint[: own_areas.FINGERPRINT_DIGITS] for fingerprint in found.used_fingerprints
                )
            },
            lambda done, total: report("train", done, total),
        )
    if trained.embedding_coverage < MIN_COVERAGE:
        note = (
            f"the embedding of the package is English and knows {trained.embedding_coverage:.0%} of these words; "
            "the areas rest on your papers alone"
        )
        echo(f"refsync: note: {note}", err=True)
    if output:
        write_file(output, model_file.write(trained.weights), "train")
    if common.json:
        print_json(schemas.train(found, trained, output or None))
    else:
        _print(found, trained, common.verbose)
        if output:
            size = Path(output).stat().st_size / 1e6
            echo_below(f"written to {output} ({size:.1f} MB); to use it: refsync tag {inputs[0]} --model {output}")
    return exit_code(reading)


def _refuse(found: TrainingSet, fields: tuple[str, ...]) -> None:
    """Refuse a library on which no model can be trained.

    Raises:
        ConfigError: fewer than two labels can be learnt.
    """
    learnable, left_out = found.choice.learnable, found.choice.left_out
    if len(learnable) > 1:
        return
    if not (learnable or left_out):
        raise ConfigError(
            f"no labels: none of the {counted(len(found.examples), 'paper')} has {', '.join(fields)}",
            hint="name the field with --labels, or let `refsync areas LIBRARY --suggest 8` propose groups",
        )
    why = "; ".join(f"{item.label!r} ({item.papers}): {item.why}" for item in left_out[:3])
    why = f". Left out: {why}" if why else ""
    only = f"one label that can be learnt, {learnable[0]!r}" if learnable else "no label that can be learnt"
    raise ConfigError(f"{only}; two are needed{why}", hint="lower --min-examples, the papers that a label needs")


def _print(found: TrainingSet, trained: own_areas.TrainingResult, verbose: bool) -> None:
    """Print the figures, the labels left out, and the labels that look wrong."""
    labelled = trained.weights.notes["papers"]
    echo(f"{counted(len(found.examples), 'paper')}, {labelled:,} with a label that can be learnt")
    echo(
        f"cross-validated: the most likely label is right for {trained.accuracy:.0%} (always the most common one: "
        f"{trained.chance:.0%}), one of the three most likely for {trained.top3:.0%}; by title alone "
        f"{trained.titles:.0%}"
    )
    rows = [
        (
            label.label,
            f"{label.papers:,}",
            f"{label.precision:.2f}",
            f"{label.recall:.2f}",
            f"{label.f1:.2f}",
            _status(label),
        )
        for label in sorted(trained.labels, key=lambda label: (-label.papers, label.label))
    ]
    print_columns(("label", "papers", "precision", "recall", "F1", ""), rows)
    _print_left_out(found.choice.left_out, SHOWN_LABELS if not verbose else None)
    if found.similar:
        echo_below("labels that look like one; --merge-similar makes them one")
        for similar in found.similar[: None if verbose else SHOWN_LABELS]:
            echo(f"  {' = '.join(similar)}")
    suspects = trained.suspects if verbose else trained.suspects[:SHOWN_LABELS]
    if suspects:
        echo_below(f"{counted(len(trained.suspects), 'label')} that may be wrong")
    for suspect in suspects:
        record = found.records[suspect.example]
        echo(
            f"  {place_of(record)}  {suspect.label} {suspect.probability:.0%}, rather {suspect.likelier} "
            f"{suspect.likelier_probability:.0%}  {title_of(record, 60)}"
        )
    if len(suspects) < len(trained.suspects):
        echo(f"  ... -v shows all {len(trained.suspects):,}")


def _status(label: own_areas.LabelFigures) -> str:
    return f"only suggested: {label.why}" if label.why else ""


def _print_left_out(left_out: Sequence[LeftOut], shown: int | None) -> None:
    """Labels that are not learnt, with the reasons; of those with too few papers only how many."""
    few = [item for item in left_out if item.why.startswith("too few")]
    others = [item for item in left_out if item not in few]
    if left_out:
        echo_below(f"{counted(len(left_out), 'label')} left out")
    listed = left_out if shown is None else others[:shown]
    if listed:
        width = max(len(item.label) for item in listed)
        for item in listed:
            echo(f"  {item.label:<{width}}  {item.papers:>5,}  {item.why}")
    if shown is not None:
        if len(others) > shown:
            echo(f"  ... {len(others) - shown:,} more for similar reasons")
        if few:
            common = ", ".join(f"{item.label} ({item.papers})" for item in few[:5])
            echo(f"  {counted(len(few), 'label')} with too few papers, such as {common}; -v lists all")
