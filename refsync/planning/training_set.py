"""What a library teaches: its papers, each once, with the labels that people gave them. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from refsync.classify.labels import (
    LABEL_FIELDS,
    MIN_PAPERS,
    LabelChoice,
    author_names,
    choose_labels,
    labels_of,
    unify_spellings,
    with_parents,
)
from refsync.classify.own_areas import Example
from refsync.classify.settings import NO_ANSWER, AreaAnswer
from refsync.classify.terms import words
from refsync.dedup.profile import fingerprint
from refsync.planning.run_models import title_and_abstract
from refsync.records import Record


@dataclass(frozen=True, slots=True)
class Lessons:
    """The examples of a library.

    Attributes:
        examples: one for each paper, with all its labels, the learnable and the others.
        records: of each example, where it is from.
        prints: of each example, the fingerprint.
        choice: which labels can be learnt.
    """

    examples: tuple[Example, ...]
    records: tuple[Record, ...]
    prints: tuple[str, ...]
    choice: LabelChoice

    @property
    def taught(self) -> list[str]:
        """The fingerprints of the papers that teach a label."""
        known = {*self.choice.learnable}
        return [
            print_
            for print_, one in zip(self.prints, self.examples, strict=True)
            if known & (one.labels | one.rejected)
        ]


def lessons(
    records: Sequence[Record],
    answers: Mapping[str, AreaAnswer],
    fields: Sequence[str] = LABEL_FIELDS,
    folders: Mapping[str, str] | None = None,
    groups: Mapping[str, str] | None = None,
    prefix: str = "area:",
    minimum: int = MIN_PAPERS,
) -> Lessons:
    """What these records teach. Records with one fingerprint are one paper, which has the labels of all of them.

    Args:
        records: the library.
        answers: what people said of areas, by fingerprint. A label that they rejected is taken from the paper; what
            they accepted is a label like the user's own.
        fields: where labels stand.
        folders: the label of each source whose folder or file name is one.
        groups: the labels of papers by fingerprint that somebody accepted in a proposal of groups.
        prefix: what refsync puts before areas that it adds itself: such keywords are its guesses, not labels.
        minimum: papers that a label needs to be learnt.
    """
    together: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        together[fingerprint(record)].append(record)
    prints = tuple(together)
    firsts = tuple(max(mine, key=lambda record: len(record.get("abstract"))) for mine in together.values())
    given: list[set[str]] = []
    for print_, mine in together.items():
        labels = {label for record in mine for label in labels_of(record, fields)}
        labels |= {folders[record.source] for record in mine if folders and folders.get(record.source)}
        if groups and print_ in groups:
            labels.add(groups[print_])
        given.append(labels | answers.get(print_, NO_ANSWER).accepted)
    rejected = [answers.get(print_, NO_ANSWER).rejected for print_ in prints]
    spelled = unify_spellings([*given, *rejected])
    refused = spelled[len(given) :]
    labels_by_paper = [with_parents(mine) - not_it for mine, not_it in zip(spelled[: len(given)], refused, strict=True)]
    papers = [title_and_abstract(record) for record in firsts]
    confirmed = frozenset(label for answer in answers.values() for label in answer.accepted)
    if groups:
        confirmed |= {*groups.values()}
    choice = choose_labels(
        labels_by_paper,
        [frozenset(words(" ".join(paper))) for paper in papers],
        author_names(records),
        with_parents(confirmed),
        prefix,
        minimum,
    )
    examples = tuple(map(Example, papers, labels_by_paper, refused))
    return Lessons(examples, firsts, prints, choice)
