"""Labels of a screening where screening tools look for them: in a note of RIS, in a column of a table. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from refsync.dedup.screening_labels import ASREVIEW_LABEL, NOTE_OF_LABEL, label_of, with_one_mark
from refsync.records import Record
from refsync.text.latex_escape import text_to_latex

_READ_BY_ASREVIEW = (ASREVIEW_LABEL, "included", "label")


def with_label_note(record: Record) -> Record:
    """The record with its label as the note that ASReview reads (`N1`), if it has one."""
    label = label_of(record)
    if label is None:
        return record
    mark = NOTE_OF_LABEL[label]
    written = text_to_latex(mark) if record.markup == "latex" else mark
    other = text_to_latex(NOTE_OF_LABEL[not label]) if record.markup == "latex" else NOTE_OF_LABEL[not label]
    notes = "\n".join(line for line in record.get("annote").split("\n") if line.strip() != other)
    return replace(record, fields={**record.fields, "annote": with_one_mark(f"{written}\n{notes}".strip())})


def with_label_column(records: Sequence[Record]) -> Sequence[Record]:
    """The records with their labels in the column that ASReview reads first.

    Nothing is added where all labels are in one column that ASReview reads.
    """
    labels = [label_of(record) for record in records]
    columns = {
        tuple(name for name in _READ_BY_ASREVIEW if record.get(name))[:1]
        for record, label in zip(records, labels, strict=True)
        if label is not None
    }
    if len(columns) < 2 and () not in columns:
        return records
    return [
        record
        if label is None or record.get(ASREVIEW_LABEL)
        else replace(record, fields={**record.fields, ASREVIEW_LABEL: str(int(label))})
        for record, label in zip(records, labels, strict=True)
    ]
