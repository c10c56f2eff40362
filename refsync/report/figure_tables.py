"""The numbers behind each figure, as a table: what its CSV and JSON contain. Pure, without a drawing library."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from refsync.classify.evaluate import Evaluation
from refsync.dedup.results import BINS
from refsync.formats.tables.cells import written_cell
from refsync.report.figures import LibraryFigures
from refsync.report.prisma import Prisma

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows; a number that is not known is None. `empty` is the reason why there are no rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""

    def to_csv(self) -> bytes:
        """The table in UTF-8, in the form of RFC 4180; a text that a spreadsheet would compute is marked as text."""
        stream = io.StringIO(newline="")
        rows = [["" if cell is None else written_cell(str(cell)) for cell in row] for row in self.rows]
        csv.writer(stream, lineterminator="\r\n").writerows([self.columns, *rows])
        return stream.getvalue().replace("\0", "").encode("utf-8", "replace")

    def to_json(self, figure: str) -> Mapping[str, object]:
        """`refsync.figure/1`."""
        return {"schema": "refsync.figure/1", "figure": figure, "columns": self.columns, "rows": self.rows}


def table_of(figure: str, figures: LibraryFigures) -> Table:
    """The numbers of a figure."""
    return _TABLES[figure](figures)


def _prisma(figures: LibraryFigures) -> Table:
    return Table(("phase", "box", "part", "n"), tuple(prisma_rows(figures.prisma)))


def prisma_rows(numbers: Prisma) -> list[tuple[str, str, str, int | None]]:
    """All numbers of the diagram, in its order."""
    reasons: Sequence[tuple[str, int | None]] = numbers.reasons if numbers.reasons is not None else [("", None)]
    return [
        *(("identification", "records identified from databases", name, count) for name, count in numbers.databases),
        *(("identification", "records identified from registers", name, count) for name, count in numbers.registers),
        ("identification", "records removed before screening", "duplicates", numbers.duplicates),
        ("identification", "records removed before screening", "automation tools", numbers.automation),
        ("identification", "records removed before screening", "other reasons", numbers.other),
        ("screening", "records screened", "", numbers.screened),
        ("screening", "records excluded", "", numbers.excluded),
        ("screening", "reports sought for retrieval", "", numbers.sought),
        ("screening", "reports not retrieved", "", numbers.not_retrieved),
        ("screening", "reports assessed for eligibility", "", numbers.assessed),
        *(("screening", "reports excluded", name, count) for name, count in reasons),
        ("included", "studies included in review", "", numbers.studies),
        ("included", "reports of included studies", "", numbers.reports),
    ]


def _databases(figures: LibraryFigures) -> Table:
    columns = ("database", "kind", "records", "within", "between", "present", "kept", "unique")
    rows = tuple(
        (one.database, one.kind, one.records, one.within, one.between, one.present, one.kept, one.unique)
        for one in figures.databases
    )
    return Table(columns, rows, "there are no records")


def _overlap(figures: LibraryFigures) -> Table:
    overlap = figures.overlap
    names = (*overlap.sources, *([f"{overlap.rest} other sources"] if overlap.rest else []))
    rows = tuple((*("yes" if one else "no" for one in having), papers) for having, papers in overlap.rows)
    return Table((*names, "papers"), rows, "there are no papers")


def _venues(figures: LibraryFigures) -> Table:
    return Table(("venue", "papers"), figures.venues.counts, "no paper names a venue")


def _areas(figures: LibraryFigures) -> Table:
    rows = tuple((item.area, item.name, item.papers) for item in figures.areas.counts)
    return Table(("area", "name", "papers"), rows, "no paper has an area")


def _years(figures: LibraryFigures) -> Table:
    periods = zip(figures.years.periods, figures.years.counts, strict=True)
    rows: list[tuple[Cell, ...]] = [(period, *counts) for period, counts in periods]
    return Table(("year", *figures.years.series), tuple(rows), "no paper has a year")


def _fields(figures: LibraryFigures) -> Table:
    rows = tuple((item.field, item.records, item.papers) for item in figures.completeness)
    return Table(("field", "records", "papers"), rows if figures.flow.read else (), "there are no records")


def _sizes(figures: LibraryFigures) -> Table:
    rows = tuple((item.records, item.papers) for item in figures.sizes)
    return Table(("records each", "papers"), rows, "there are no papers")


def _probabilities(figures: LibraryFigures) -> Table:
    found = figures.probabilities
    bins = zip(found.merged, found.versions, found.asked, found.different, strict=True)
    rows = tuple((f"{i / BINS:.2f}", f"{(i + 1) / BINS:.2f}", *counts) for i, counts in enumerate(bins) if any(counts))
    return Table(("from", "to", "merged", "versions", "to review", "different"), rows, "no pair was compared")


def calibration_table(result: Evaluation) -> Table:
    """The bins of the calibration of an area model."""
    rows = tuple((one.low, one.high, one.papers, one.probability, one.accuracy) for one in result.bins)
    return Table(("from", "to", "papers", "probability", "right"), rows, "there are no papers")


def coverage_table(result: Evaluation) -> Table:
    """The curve of coverage against accuracy of an area model."""
    rows = tuple((one.coverage, one.threshold, one.accuracy) for one in result.curve)
    return Table(("coverage", "probability", "right"), rows, "there are no papers")


_TABLES: Mapping[str, Callable[[LibraryFigures], Table]] = {
    "prisma": _prisma,
    "databases": _databases,
    "overlap": _overlap,
    "venues": _venues,
    "years": _years,
    "areas": _areas,
    "fields": _fields,
    "sizes": _sizes,
    "probabilities": _probabilities,
}
FIGURES = tuple(_TABLES)
"""The names of all figures of a library."""
