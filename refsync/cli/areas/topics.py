"""`refsync areas --topics`: topics for each paper, as suggestions."""

from collections import Counter

import numpy as np

from refsync import schemas
from refsync.classify import linear
from refsync.classify.embedding import load_embedding
from refsync.classify.field_model import load_field_model
from refsync.classify.topics import load_topics
from refsync.cli.areas.library import expand_directories
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.inputs import exit_code, must_stop, read_inputs
from refsync.cli.common.options import Common
from refsync.cli.common.output import echo, echo_below
from refsync.cli.common.progress import show_progress
from refsync.cli.common.text import counted, place_of, print_json, title_of
from refsync.dedup.profile import fingerprint
from refsync.errors import ConfigError
from refsync.planning.run_models import paper_of

SHOWN_TOPICS = 10  # the most frequent ones of the library


def suggest_topics(common: Common, inputs: tuple[str, ...], output: str) -> int:
    """Print the nearest topics of each paper, and the most frequent ones of the library. Nothing is written.

    Raises:
        ConfigError: an output file is named.
    """
    if output:
        raise ConfigError("--topics writes no file", hint="--format json prints the topics of all papers")
    files, _ = expand_directories(inputs)
    with show_progress(common.quiet) as report:
        reading = read_inputs(files, common, report)
    if must_stop(reading, common):
        return UNREADABLE
    records = list({fingerprint(record): record for record in reversed(reading.records)}.values())[::-1]
    papers = [paper_of(record) for record in records]
    pairs = [(paper.title, paper.abstract) for paper in papers]
    shares = load_field_model().assess(papers, linear.Texts.of(pairs)).shares if papers else np.zeros((0, 26))
    found = load_topics().nearest(pairs, load_embedding(), shares)
    if common.json:
        print_json(schemas.topics(records, found))
        return exit_code(reading)
    for record, topics in zip(records, found, strict=True):
        best = topics[0] if topics else None
        name = f"{best.probability:4.0%}  {best.name}" if best else "   -  (too little text)"
        echo(f"{name:<58} {place_of(record)}  {title_of(record, 60)}")
    counts = Counter(topics[0].name for topics in found if topics)
    echo_below(f"{counted(len(counts), 'topic')}, the most frequent ones", bold=True)
    for name, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_TOPICS]:
        echo(f"  {number:>5,}  {name}")
    return exit_code(reading)
