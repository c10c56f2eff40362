"""The duplicate rules of other tools, reimplemented from their documentation and behaviour.

Each function takes the rows of a labelled set and returns the pairs of ids that the rule joins; the caller closes
them.

- zotero: `Duplicate Items`. Equal DOIs; equal ISBNs of books; or equal titles if DOIs and ISBNs are equal or missing
  on one side, years differ by one at most and one creator has the same family name and initial.
- jabref: `Find duplicates`, BibTeX mode. An equal identifier joins two records, different DOIs or ISBNs separate them;
  then types must be equal, and pages too if author and title agree; then the weighted share of required fields of the
  type that agree (title 3, author 2.5, journal 2, others 1) must be at least .75; within .05 of that, optional fields
  count with a third. Texts agree if more than .8 of their words do, compared in order; words if .75 of their letters
  do.
- asreview: `asreview data dedup`. An equal DOI, or equal letters and digits of title and abstract together.
- dedupendnote: years differ by one at most; the starting page or the DOI equal (the DOI first where a paper has more
  than two pages); Jaro-Winkler similarity of the authors over .67, of a title over .89 (.94 where neither page nor DOI
  could be compared); the DOI, the ISBN or the journal equal or an abbreviation. Missing fields do not count.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import Any

Row = dict[str, str]
Pairs = Iterable[tuple[str, str]]


_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?-?){1,3}")


def blocks(rows: Iterable[Row], key: Callable[[Row], Any]) -> Iterator[list[Row]]:
    """The rows that share a key, unless it is empty."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        if value := key(row):
            found[value].append(row)
    return (block for block in found.values() if len(block) > 1)


def joining_pairs(blocks: Iterable[Sequence[Row]]) -> Pairs:
    """Pairs that join all rows of each block."""
    return [(block[0]["id"], row["id"]) for block in blocks for row in block[1:]]


def bare_doi(row: Row) -> str:
    """A DOI without its resolver, in lower case."""
    return re.sub(r"^.*?(?=10\.\d)", "", row["doi"].strip().lower())


def bare_isbn(row: Row) -> str:
    """An ISBN without hyphens; empty if the field contains something else, such as an ISSN."""
    found = re.search(r"(?<!\d)(?:97[89]\d{10}|\d{9}[\dX])(?!\d)", row["isbn"].upper().replace("-", ""))
    return found[0] if found else ""


def names(value: str) -> list[tuple[str, str]]:
    """Family and given names. Initials after a name without a comma (`Doe J. A.`) are given names."""
    found = []
    for name in filter(None, (part.strip() for part in value.split(" and "))):
        family, comma, given = name.partition(",")
        if not comma:
            words = name.split()
            at = next((i for i in range(1, len(words)) if all(map(_INITIALS.fullmatch, words[i:]))), 0)
            family = " ".join(words[:at] if at else words[-1:])
            given = " ".join(words[at:] if at else words[:-1])
        found.append((family.strip(), given.strip()))
    return found


# Zotero


def zotero(rows: list[Row]) -> Pairs:
    found = [*joining_pairs(blocks(rows, _zotero_doi)), *joining_pairs(blocks(rows, _book))]
    for block in blocks(rows, lambda row: _plain(row["title"])):
        found += [(a["id"], b["id"]) for a, b in combinations(block, 2) if _zotero_equal(a, b)]
    return found


def _zotero_doi(row: Row) -> str:
    doi = bare_doi(row)
    return doi if doi.startswith("10.") else ""


def _book(row: Row) -> str:
    return bare_isbn(row) if row["entrytype"] == "book" else ""


def _plain(value: str) -> str:
    """Lower case, without accents, ASCII punctuation as spaces."""
    value = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", value))
    return re.sub(r"[ !-/:-@\[-`{-~]+", " ", value).strip().lower()


def _zotero_equal(a: Row, b: Row) -> bool:
    for read in (_zotero_doi, _book):
        x, y = read(a), read(b)
        if x and y and x != y:
            return False
    years = [int(row["year"][:4]) for row in (a, b) if row["year"][:4].isdigit()]
    if len(years) == 2 and abs(years[0] - years[1]) > 1:
        return False
    people = [{(_plain(family), _plain(given)[:1]) for family, given in names(row["author"])} for row in (a, b)]
    return (not people[0] and not people[1]) or bool(people[0] & people[1])


# JabRef

_WEIGHTS = {"author": 2.5, "title": 3.0, "journal": 2.0, "doi": 3.0}
_REQUIRED = {
    "article": ("author", "title", "journal", "year"),
    "inproceedings": ("author", "title", "booktitle", "year"),
    "conference": ("author", "title", "booktitle", "year"),
    "incollection": ("author", "title", "booktitle", "year"),
    "inbook": ("author", "title", "pages", "year"),
    "book": ("author", "title", "year"),
    "phdthesis": ("author", "title", "year"),
    "mastersthesis": ("author", "title", "year"),
    "techreport": ("author", "title", "year"),
    "proceedings": ("title", "year"),
}
_OPTIONAL = {
    "article": ("volume", "number", "pages"),
    "inproceedings": ("volume", "number", "pages"),
    "conference": ("volume", "number", "pages"),
    "incollection": ("volume", "number", "pages"),
    "inbook": ("volume", "number"),
    "book": ("volume", "number", "isbn"),
    "techreport": ("number",),
    "proceedings": ("volume", "number"),
}
_THRESHOLD, _MARGIN, _REQUIRED_WEIGHT = 0.75, 0.05, 3.0


def jabref(rows: list[Row]) -> Pairs:
    found = [*joining_pairs(blocks(rows, bare_doi)), *joining_pairs(blocks(rows, bare_isbn))]
    words = _Words()
    for block in blocks(rows, lambda row: row["entrytype"]):
        wanted = set(_REQUIRED.get(block[0]["entrytype"], ()))
        if not wanted:
            continue  # types without required fields are never duplicates by their fields
        # without equal titles no set of required fields comes near the threshold
        for a, b in words.title_pairs(block):
            if _jabref_equal(a, b, words):
                found.append((a["id"], b["id"]))
    return found


class _Words:
    """Agreement of texts word by word; the similarity of two words is computed once."""

    def __init__(self) -> None:
        from rapidfuzz.distance import Levenshtein

        @cache
        def alike(a: str, b: str) -> bool:
            return a == b or Levenshtein.normalized_similarity(a, b) >= 0.75

        self.alike = alike

    def agree(self, a: str, b: str) -> bool:
        left, right = a.split(), b.split()
        if not left or not right:
            return left == right
        both = list(zip(left, right, strict=False))
        return 1 - sum(not self.alike(x, y) for x, y in both) / len(both) > 0.8

    def title_pairs(self, rows: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
        """The pairs whose titles agree, found by vectorised comparison of words at equal positions."""
        import numpy as np
        from rapidfuzz.distance import Levenshtein
        from rapidfuzz.process import cdist

        titles = [row["title"].lower().split() for row in rows]
        table: dict[str, int] = {}
        length = np.array([len(title) for title in titles])
        size = max(length.max(), 1)
        codes = np.full((len(rows), size), -1)
        for i, title in enumerate(titles):
            codes[i, : len(title)] = [table.setdefault(word, len(table)) for word in title]
        vocabulary = list(table)

        @cache
        def similar_words(code: int) -> Any:
            """The codes of words similar to one word; the last code, for no word, is never among them."""
            scores = cdist([vocabulary[code]], vocabulary, scorer=Levenshtein.normalized_similarity, score_cutoff=0.75)[
                0
            ]
            return np.flatnonzero(scores >= 0.75)

        flags = np.zeros(len(vocabulary) + 1, np.bool_)
        for i, title in enumerate(titles):
            if not title:
                continue
            others = codes[i + 1 :]
            shared = np.minimum(length[i + 1 :], len(title))
            hits = np.zeros(len(others), np.int64)
            for place, code in enumerate(codes[i, : len(title)]):
                similar = similar_words(int(code))
                flags[similar] = True
                hits += flags[others[:, place]]
                flags[similar] = False
            with np.errstate(invalid="ignore", divide="ignore"):
                agree = (shared > 0) & (1 - (shared - hits) / shared > 0.8)
            for j in np.flatnonzero(agree).tolist():
                yield rows[i], rows[i + 1 + j]


def _jabref_equal(a: Row, b: Row, words: _Words) -> bool:
    for read in (bare_doi, bare_isbn):
        x, y = read(a), read(b)
        if x and y:
            return x == y
    kind = a["entrytype"]
    if _field("author", a, b, words) and _field("title", a, b, words) and _field("pages", a, b, words) is False:
        return False
    share, weight = _share(_REQUIRED[kind], a, b, words)
    if abs(share - _THRESHOLD) > _MARGIN or kind not in _OPTIONAL:
        return share >= _THRESHOLD
    more, more_weight = _share(_OPTIONAL[kind], a, b, words)
    total = _REQUIRED_WEIGHT * weight + more_weight
    return (_REQUIRED_WEIGHT * share * weight + more * more_weight) / total >= _THRESHOLD


def _share(fields: Iterable[str], a: Row, b: Row, words: _Words) -> tuple[float, float]:
    """The weighted share of fields that agree, and their weight; fields that both records lack do not count."""
    known = [name for name in fields if a[name] or b[name]]
    total = sum(_WEIGHTS.get(name, 1.0) for name in known)
    agree = sum(_WEIGHTS.get(name, 1.0) for name in known if _field(name, a, b, words))
    return (agree / total, total) if total else (0.5, 0.0)


def _field(name: str, a: Row, b: Row, words: _Words) -> bool | None:
    """Whether a field agrees; None if a record lacks it."""
    x, y = a[name].lower().strip(), b[name].lower().strip()
    if not x or not y:
        return None
    if name == "pages":
        return re.sub("[- ]+", "-", x) == re.sub("[- ]+", "-", y)
    if name == "author":
        x, y = (", ".join(family for family, _ in names(value)) for value in (x, y))
    if name == "journal":
        x, y = x.replace(".", ""), y.replace(".", "")
    return words.agree(x, y)


# ASReview


def asreview(rows: list[Row]) -> Pairs:
    def letters(row: Row) -> str:
        return re.sub("[^a-z0-9]", "", f"{row['title']} {row['abstract']}".lower())

    return [*joining_pairs(blocks(rows, bare_doi)), *joining_pairs(blocks(rows, letters))]


# DedupEndNote


def dedupendnote(rows: list[Row]) -> Pairs:
    entries = [_Entry(row) for row in rows]
    by_year: dict[int, list[_Entry]] = defaultdict(list)
    for entry in entries:
        by_year[entry.year].append(entry)
    label: dict[str, str] = {}
    for year, block in sorted(by_year.items(), reverse=True):
        others = by_year.get(year - 1, []) if year else [entry for entry in entries if entry.year]
        for i, a in enumerate(block):
            for b in (*block[i + 1 :], *others):
                # if only the second record has a label, the first one does not get it
                if (a.id in label or b.id not in label) and a.is_duplicate_of(b):
                    label[b.id] = label.setdefault(a.id, a.id)
    return list(label.items())


class _Entry:
    """The values of a record that DedupEndNote compares."""

    def __init__(self, row: Row) -> None:
        self.id = row["id"]
        year = re.search(r"(?:1[89]|20)\d\d", row["year"])
        self.year = int(year[0]) if year else 0
        self.doi = bare_doi(row)
        self.isbn = bare_isbn(row)
        pages = re.findall(r"\d+", row["pages"])
        self.page = pages[0].lstrip("0") if pages else ""
        last = pages[1] if len(pages) > 1 else self.page
        last = self.page[: len(self.page) - len(last)] + last  # `482-91` is `482-491`
        self.several = bool(pages) and int(last or 0) - int(self.page or 0) > 2
        people = [(f, g) for f, g in names(row["author"]) if f.lower() != "anonymous"][:40]
        self.authors = "; ".join(
            f"{family}, " + " ".join(f"{word[0]}." for word in _words(given)) for family, given in people
        ).lower()
        text = re.sub(r"<[^>]*>", " ", row["title"].lower())
        self.title = " ".join(_words(text))
        self.reply = bool(re.search(r"reply|author.*respon|^response$", self.title))
        journal = re.sub(r"[(\[][^)\]]*[)\]]\s*$", "", row["journal"] or row["booktitle"])
        self.journal = " ".join(_words(re.sub(r"^the\s", "", journal.lower())))

    def is_duplicate_of(self, other: "_Entry") -> bool:
        return (
            self._location_agrees(other)
            and self._authors_agree(other)
            and self._title_agrees(other)
            and self._publication_agrees(other)
        )

    def _comparable(self, other: "_Entry") -> tuple[bool, bool]:
        return bool(self.page and other.page), bool(self.doi and other.doi)

    def _location_agrees(self, other: "_Entry") -> bool:
        pages, dois = self._comparable(other)
        page, doi = pages and self.page == other.page, dois and self.doi == other.doi
        if not pages and not dois:
            return True
        if self.several or other.several:
            return doi or page
        return page if pages else doi

    def _authors_agree(self, other: "_Entry") -> bool:
        located = any(self._comparable(other))
        if not self.authors or not other.authors:
            return located
        reply = self.reply or other.reply
        least = (0.75 if located else 0.80) if reply else 0.67
        return _jaro_winkler(self.authors, other.authors) > least

    def _title_agrees(self, other: "_Entry") -> bool:
        if self.reply or other.reply or not self.title or not other.title:
            return True
        least = 0.89 if any(self._comparable(other)) else 0.94
        if _jaro_winkler(self.title, other.title) > least:
            return True
        backwards = _jaro_winkler(self.title[::-1], other.title[::-1])
        return (self.several or other.several) and backwards > least

    def _publication_agrees(self, other: "_Entry") -> bool:
        if self.doi and self.doi == other.doi:
            return True
        if self.isbn and other.isbn:
            return self.isbn == other.isbn
        if not self.journal or not other.journal:
            return False
        least = 0.93 if self.reply or other.reply else 0.90
        return (
            _jaro_winkler(self.journal, other.journal) > least
            or _abbreviates(self.journal, other.journal)
            or _abbreviates(other.journal, self.journal)
        )


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _jaro_winkler(a: str, b: str) -> float:
    from rapidfuzz.distance import JaroWinkler

    return JaroWinkler.similarity(a, b)


def _abbreviates(short: str, long: str) -> bool:
    """Whether the words of one text, or the letters of a single word, begin words of the other in that order."""
    words = iter(long.split())
    parts = short.split()
    if len(parts) == 1 and len(short) <= 6 and len(long.split()) > 1:
        parts = list(short)
    return all(any(word.startswith(part) for word in words) for part in parts)
