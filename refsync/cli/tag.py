"""`refsync tag`: research areas for each record."""

import click

from refsync import schemas
from refsync.classify.model import load_model
from refsync.cli import show
from refsync.cli.options import Common, common_options, inputs_argument, output_option
from refsync.cli.run import check_output, finish
from refsync.cli.stages import UNREADABLE, exit_code, must_stop, read_inputs
from refsync.dedup.results import Deduplication
from refsync.plan import make_plan, tag_papers, title_and_abstract


@click.command("tag", short_help="Research areas for each record.")
@inputs_argument
@output_option
@common_options
def command(common: Common, inputs: tuple[str, ...], output: str) -> int:
    """Tag each record of INPUT... by research area; with -o write the records with their areas as keywords.

    Areas are arXiv categories (cs.CV, math.PR, ...), each with a probability. A record of which the classifier is
    unsure stays untagged. Nothing is merged here.

    \b
    Examples:
      refsync tag refs.bib
      refsync tag pages/*.txt --format json
      refsync tag refs.bib -o tagged.bib
    """
    check_output(output, inputs)
    model = load_model(common.config.areas.model)
    with show.progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report)
        if must_stop(reading, common):
            if common.json:
                show.print_json(schemas.tag(model.name, (), ()))
            return UNREADABLE
        records = reading.records
        if output:
            plan = make_plan(records, Deduplication(), reading.problems, model, common.config, report)
            taggings = [entry.tagging for entry in plan.entries if entry.tagging]
        else:
            papers = [title_and_abstract(record) for record in records]
            taggings = tag_papers(model, papers, common.config.areas, report)
    result = schemas.tag(model.name, records, taggings)
    if output:
        return finish(plan, reading, output, common, "tag", result)
    if common.json:
        show.print_json(result)
    else:
        for record, tagging in zip(records, taggings, strict=True):
            best = tagging.areas[0]
            primary = tagging.primary or f"({best.area}?)"
            words = ", ".join(tagging.because)
            title = show.title_of(record, 70)
            click.echo(f"{primary:<20} {best.probability:4.0%}  {show.place_of(record)}  {title}  [{words}]")
    return exit_code(reading)
