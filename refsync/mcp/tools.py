"""What each tool answers: values for JSON, of bounded size. Nothing here knows the protocol."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from refsync import api, schemas
from refsync.config import load_config
from refsync.dedup.explain import DeduplicatedLibrary, explain_among
from refsync.dedup.record_names import find_record
from refsync.dedup.results import Cluster, Link
from refsync.errors import RefsyncError
from refsync.mcp.changes import Change, Changes
from refsync.mcp.folders import Folders
from refsync.mcp.library import Duplicates, Libraries
from refsync.mcp.planned_changes import filling, fixing, merged_library, merging
from refsync.mcp.values import MOST_ITEMS, Json, bounded, page
from refsync.operating_system import command_line
from refsync.planning.run_models import pair_model
from refsync.records import Record

Groups = Literal["same", "versions", "review"]
_MISSING_FILES = "RS607"  # says whether any file exists, by its path


@dataclass(slots=True)
class Tools:
    """The tools for some folders. Errors are `RefsyncError`."""

    folders: Folders
    libraries: Libraries = field(default_factory=Libraries)
    changes: Changes = field(default_factory=Changes)

    def files(self, offset: int, limit: int) -> Json:
        """The bibliographies in the folders."""
        listed = sorted(self.folders.bibliographies())
        return {
            "folders": bounded([str(root) for root in self.folders.roots]),
            **page("files", listed, offset, limit, lambda item: {"name": item[0], "bytes": item[1]}),
        }

    def read(self, files: Sequence[str], search: str, offset: int, limit: int) -> Json:
        """The records of files; with `search`, those with all its words in their values or keys."""
        reading = self.libraries.read(self.folders.inputs(files))
        words = search.casefold().split()
        found = [record for record in reading.records if all(word in _text(record) for word in words)]
        return {
            **page("records", found, offset, limit, _record),
            "problems": bounded([schemas.problem(item) for item in reading.problems]),
        }

    def duplicates(self, files: Sequence[str], groups: Groups, offset: int, limit: int) -> Json:
        """Groups of records that are one paper, versions of one work, or pairs that a person should judge."""
        found = self.libraries.duplicates(self.folders.inputs(files))
        by_name: dict[Groups, Sequence[Cluster | Link]] = {
            "same": found.found.clusters,
            "versions": found.found.versions,
            "review": found.found.review,
        }
        counts = {name: len(items) for name, items in by_name.items()}
        return {
            "records": len(found.records),
            "counts": counts,
            **page("groups", by_name[groups], offset, limit, lambda group: _group(found, group)),
            "problems": bounded([schemas.problem(item) for item in (*found.reading.problems, *found.problems)]),
        }

    def explain(self, files: Sequence[str], one: str, other: str) -> Json:
        """Why two records are, or are not, one paper."""
        found = self.libraries.duplicates(self.folders.inputs(files))
        a, b = (find_record(found.records, name) for name in (one, other))
        if a == b:
            raise RefsyncError(f"{one!r} and {other!r} are the same record")
        answers = found.answers
        library = DeduplicatedLibrary(
            records=found.records,
            found=found.found,
            settings=found.config.dedup,
            must_link=answers.must_link,
            cannot_link=(*answers.cannot_link, *answers.versions),
            model=pair_model(answers),
        )
        explanation = explain_among(library, a, b)
        return dict(bounded(schemas.explain(explanation, found.records[a], found.records[b])))

    def tag(self, files: Sequence[str], offset: int, limit: int) -> Json:
        """The research areas of the records of a page."""
        names = self.folders.inputs(files)
        reading, config = self.libraries.read(names), load_config(near=names)
        start = max(offset, 0)
        asked = reading.records[start : start + max(1, min(limit, MOST_ITEMS))]
        tagged = dict(enumerate(api.tag_records(asked, api.load_model(settings=config.areas), config), start))

        def areas(number: int) -> Json:
            record = reading.records[number]
            return {**schemas.member(record), "title": record.get("title"), **schemas.tagging(tagged[number])}

        return page("records", range(len(reading.records)), offset, limit, areas)

    def check(self, files: Sequence[str], select: Sequence[str], offset: int, limit: int) -> Json:
        """The findings in .bib files."""
        checked = self.libraries.check(self._bibtex(files))
        codes = tuple(select)
        findings = [
            item
            for item in checked.findings
            if item.code != _MISSING_FILES and (not codes or item.code.startswith(codes))
        ]
        rows = schemas.check(findings)["findings"]
        return {
            **page("findings", rows, offset, limit, lambda row: row),
            "fixable": sum(item.fixable for item in findings),
            "problems": bounded([schemas.problem(item) for item in checked.problems]),
        }

    def plan_merge(self, files: Sequence[str], *, rewrite_cites: bool) -> Json:
        """Plan to merge the duplicates inside .bib files."""
        return self._planned(merging(self.libraries, self._bibtex(files), rewrite_cites=rewrite_cites))

    def plan_fix(self, files: Sequence[str], select: Sequence[str]) -> Json:
        """Plan to fix findings."""
        return self._planned(fixing(self.libraries, self._bibtex(files), select))

    def plan_fill(self, files: Sequence[str]) -> Json:
        """Plan to fill missing values of entries in .bib files; asks services."""
        return self._planned(filling(self.libraries, self._bibtex(files)))

    def plan_library(self, files: Sequence[str], output: str) -> Json:
        """Plan to write the merged papers to another file."""
        inputs = self.folders.inputs(files)
        return self._planned(merged_library(self.libraries, inputs, self.folders.output(output)))

    def _bibtex(self, files: Sequence[str]) -> tuple[str, ...]:
        names = self.folders.inputs(files)
        if other := next((name for name in names if not name.lower().endswith(".bib")), ""):
            raise RefsyncError(f"{other}: only .bib files are checked or changed", hint="`plan_library` writes others")
        return names

    def _planned(self, change: Change) -> Json:
        """Keep a plan; its account for the assistant."""
        change.check(self.folders)  # a document that would be rewritten may be elsewhere
        self.changes.add(change)
        return {
            "token": change.token,
            "does": change.kind,
            "writes": bounded([*change.texts]),
            **dict(bounded(change.account)),
            "changes": bounded(change.lines),
            "command": bounded(change.command),
        }

    def diff(self, token: str, offset: int, limit: int) -> Json:
        """The lines that a plan would change."""
        change = self.changes.get(token)
        return {"token": token, **page("lines", change.diff(), offset, limit, lambda line: line)}

    def question(self, token: str) -> Change:
        """A plan that can be carried out now.

        Raises:
            StaleError: it was carried out, there is none, or a file was changed since.
        """
        change = self.changes.get(token)
        change.check(self.folders)
        return change

    def apply(self, token: str) -> Json:
        """Carry out a plan."""
        change = self.changes.get(token)
        run = self.changes.carry_out(token, self.folders)
        return {
            "written": bounded([*change.texts]),
            "run": run.id,
            "undo": bounded(command_line(["refsync", "undo", run.id, "--in", str(run.base.resolve())])),
        }


def _text(record: Record) -> str:
    return " ".join((record.id, *record.fields.values())).casefold()


def _record(record: Record) -> Json:
    return {**schemas.member(record), "line": record.line, "type": record.type, "fields": dict(record.fields)}


def _group(found: Duplicates, group: Cluster | Link) -> Json:
    members = [
        {
            **schemas.member(found.records[i]),
            **{name: found.records[i].get(name) for name in ("title", "author", "year", "doi")},
        }
        for i in group.members
    ]
    relation = {"relation": group.relation} if isinstance(group, Link) and group.relation else {}
    return {"members": members, "probability": round(group.probability, 4), **relation}
