"""The figures of a library, as a notebook shows them."""

from dataclasses import dataclass, fields

from refsync.report.figure_tables import FIGURES, table_of
from refsync.report.figures import LibraryFigures
from refsync.text.html_table import html_block, html_details, html_table

_TITLES = {
    "prisma": "PRISMA flow", "databases": "Databases", "overlap": "Overlap of sources", "venues": "Venues",
    "years": "Years", "areas": "Areas", "fields": "Completeness of fields", "sizes": "Group sizes",
    "probabilities": "Probabilities of pairs",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotebookFigures(LibraryFigures):
    """The figures, which a notebook shows as tables."""

    @classmethod
    def of(cls, figures: LibraryFigures) -> "NotebookFigures":
        return cls(**{item.name: getattr(figures, item.name) for item in fields(LibraryFigures)})

    def _repr_html_(self) -> str:
        counts = self.flow
        note = f"papers: {counts.papers:,}, records: {counts.read:,}"
        flow = [
            ("records", counts.read), ("merged", counts.merged), ("in the library already", counts.present),
            ("papers", counts.papers), ("versions", counts.versions), ("to review", counts.review),
            ("problems", counts.problems),
        ]  # fmt: skip
        tables = [(_TITLES[name], table_of(name, self)) for name in FIGURES]
        parts = [html_details(title, html_table(table.columns, table.rows)) for title, table in tables if table.rows]
        return html_block("Library", note, html_table(("", "count"), flow), *parts)
