"""The training set of an own area model: the papers of a library, each once, with the user's labels. Pure."""

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
    similar_labels,
    split_joined,
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
class LabelRules:
    """Which labels of a library count.

    Attributes:
        prefix: that of areas which refsync adds: such keywords are its predictions, not labels.
        minimum: how many papers a label needs to be learned.
        merge_similar: whether labels that look like one (singular and plural) are one.
    """

    prefix: str = "area:"
    minimum: int = MIN_PAPERS
    merge_similar: bool = False


DEFAULT_RULES = LabelRules()


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """The examples of a library.

    Attributes:
        examples: one for each paper, with all its labels, learnable or not.
        records: the record of each example, the one with the longest abstract.
        fingerprints: that of each example.
        choice: which labels can be learned.
    """

    examples: tuple[Example, ...]
    records: tuple[Record, ...]
    fingerprints: tuple[str, ...]
    choice: LabelChoice

    @property
    def similar(self) -> tuple[tuple[str, ...], ...]:
        """Labels that look like one, in groups; labels that name no subject are left out."""
        few = {item.label for item in self.choice.left_out if item.why.startswith("too few")}
        return similar_labels({*self.choice.learnable, *few})

    @property
    def used_fingerprints(self) -> list[str]:
        """The fingerprints of the papers that have or reject a learnable label."""
        learnable = {*self.choice.learnable}
        return [
            fingerprint
            for fingerprint, example in zip(self.fingerprints, self.examples, strict=True)
            if learnable & (example.labels | example.rejected)
        ]


def make_training_set(
    records: Sequence[Record],
    answers: Mapping[str, AreaAnswer],
    fields: Sequence[str] = LABEL_FIELDS,
    folders: Mapping[str, str] | None = None,
    groups: Mapping[str, str] | None = None,
    rules: LabelRules = DEFAULT_RULES,
) -> TrainingSet:
    """The training set of these records. Records with the same fingerprint are one paper with the labels of all.

    Args:
        records: the library.
        answers: people's answers about areas, by fingerprint. Rejected labels are removed from the paper; accepted ones
            count like the user's own labels.
        fields: the fields with labels.
        folders: the label of each source whose folder or file name is one.
        groups: the labels, by fingerprint, of papers in suggested groups that the user accepted.
        rules: which labels count, and which are one.
    """
    by_fingerprint: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_fingerprint[fingerprint(record)].append(record)
    fingerprints = tuple(by_fingerprint)
    with_longest_abstract = tuple(
        max(group, key=lambda record: len(record.get("abstract"))) for group in by_fingerprint.values()
    )
    given: list[set[str]] = []
    for key, group in by_fingerprint.items():
        labels = {label for record in group for label in labels_of(record, fields)}
        labels |= {folders[record.source] for record in group if folders and folders.get(record.source)}
        if groups and key in groups:
            labels.add(groups[key])
        given.append(labels | answers.get(key, NO_ANSWER).accepted)
    split = split_joined([*given, *(answers.get(key, NO_ANSWER).rejected for key in fingerprints)])
    spelled = unify_spellings(split, plurals=rules.merge_similar)
    rejected = spelled[len(given) :]
    labels_by_paper = [
        with_parents(labels) - refused for labels, refused in zip(spelled[: len(given)], rejected, strict=True)
    ]
    papers = [title_and_abstract(record) for record in with_longest_abstract]
    confirmed = frozenset(label for answer in answers.values() for label in answer.accepted)
    if groups:
        confirmed |= {*groups.values()}
    choice = choose_labels(
        labels_by_paper,
        [frozenset(words(" ".join(paper))) for paper in papers],
        author_names(records),
        with_parents(confirmed),
        rules.prefix,
        rules.minimum,
    )
    examples = tuple(map(Example, papers, labels_by_paper, rejected))
    return TrainingSet(examples, with_longest_abstract, fingerprints, choice)
