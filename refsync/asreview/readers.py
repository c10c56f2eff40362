"""Readers for files that ASReview does not read itself. Only ASReview imports this module.

A file is read by refsync and written as RIS, which ASReview's own reader of RIS reads: labels, notes and the choice of
export formats are then as for a RIS file.
"""

import re
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from asreview.data.ris import RISReader

from refsync.formats.registry import format_named
from refsync.planning.export import export
from refsync.records import Record
from refsync.sources import Reading, read_sources

_YEAR = re.compile(r"\d{4}")


def read_records(name: str) -> Reading:
    """The records of a file.

    Raises:
        ValueError: a record cannot be read; ASReview shows the message.
    """
    if re.match(r"[a-z]+://", name, re.IGNORECASE):
        raise ValueError(f"{name}: download the file first; refsync reads files only")
    reading = read_sources([name])
    if failed := [problem for problem in reading.problems if problem.fatal]:
        more = f"; and {len(failed) - 1} more problems" if len(failed) > 1 else ""
        hint = f"`refsync convert {Path(name).name} -o fixed.ris` writes the records that can be read"
        raise ValueError(f"{Path(name).name}:{failed[0].line}: {failed[0].message}{more}; {hint}")
    for problem in reading.problems:
        if problem.kind == "damage":
            warnings.warn(str(problem), stacklevel=2)
    return reading


class _Reader(RISReader):  # type: ignore[misc]
    """A reader for files of one ending, as ASReview's base class asks for it."""

    read_format: ClassVar[list[str]] = []
    write_format: ClassVar[list[str]] = [".csv", ".tsv", ".xlsx", ".ris"]
    mime_types: ClassVar[Mapping[str, list[str]]] = {}

    @classmethod
    def read_data(cls, fp: Any) -> Any:
        """The records as a data frame with the columns of a RIS file, in the order of the file.

        Args:
            fp: the path of the file.

        Raises:
            ValueError: a record cannot be read.
        """
        records = read_records(str(fp)).records
        with tempfile.TemporaryDirectory(prefix="refsync-") as folder:
            path = Path(folder, "records.ris")
            path.write_bytes(export([_with_year(record) for record in records], format_named("ris")))
            return super().read_data(path)

    @classmethod
    def clean_data(cls, df: Any) -> Any:
        """The columns that ASReview keeps; its reader of RIS leaves the address out."""
        if "url" not in df and "urls" in df:
            df["url"] = [urls[0] if isinstance(urls, list) and urls else None for urls in df["urls"]]
        return super().clean_data(df)


def _with_year(record: Record) -> Record:
    """The record with a year that ASReview reads as a number, or none: one other year would refuse the whole file."""
    year = record.get("year")
    if re.fullmatch(r"\d{1,4}", year) or not year:
        return record
    found = _YEAR.search(year)
    fields = {**record.fields, "year": found[0] if found else "", "year-as-written": year}
    return Record(record.source, record.index, record.id, type=record.type, fields=fields, markup=record.markup)


class BibReader(_Reader):
    """BibTeX and BibLaTeX."""

    read_format: ClassVar[list[str]] = [".bib"]
    mime_types: ClassVar[Mapping[str, list[str]]] = {"application/x-bibtex": [".bib"], "text/plain": [".bib"]}


class NbibReader(_Reader):
    """PubMed's citation manager format."""

    read_format: ClassVar[list[str]] = [".nbib"]
    mime_types: ClassVar[Mapping[str, list[str]]] = {"application/nbib": [".nbib"], "text/plain": [".nbib"]}


class XmlReader(_Reader):
    """PubMed's and EndNote's XML, and the other XML that refsync reads."""

    read_format: ClassVar[list[str]] = [".xml"]
    mime_types: ClassVar[Mapping[str, list[str]]] = {"application/xml": [".xml"], "text/xml": [".xml"]}


class CiwReader(_Reader):
    """Web of Science, in lines with tags."""

    read_format: ClassVar[list[str]] = [".ciw"]
    mime_types: ClassVar[Mapping[str, list[str]]] = {"application/x-inst-for-scientific-info": [".ciw"]}


class EnwReader(_Reader):
    """EndNote's import format."""

    read_format: ClassVar[list[str]] = [".enw"]
    mime_types: ClassVar[Mapping[str, list[str]]] = {"application/x-endnote-refer": [".enw"]}


class JsonReader(_Reader):
    """CSL-JSON, and the other JSON that refsync reads."""

    read_format: ClassVar[list[str]] = [".json"]
    mime_types: ClassVar[Mapping[str, list[str]]] = {"application/json": [".json"]}
