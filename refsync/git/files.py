"""The three-way merge of files as bytes: encodings and line ends stay. Pure."""

from dataclasses import replace

from refsync.errors import RefsyncError
from refsync.formats.bibtex.conflict_markers import has_conflict_markers
from refsync.git.entry_merge import ConflictStyle
from refsync.git.three_way import DEFAULT_STYLE, Merge, merge


class UnmergeableError(RefsyncError):
    """A version of a file that cannot be merged by entries; nothing is written."""


def merge_files(base: bytes, ours: bytes, theirs: bytes, style: ConflictStyle = DEFAULT_STYLE) -> Merge:
    """Merge two versions of a .bib file that come from one.

    Bytes that are not UTF-8 stay as they are; the text has them as surrogates (`surrogateescape`). The result has the
    line ends of the side that changed them.

    Raises:
        UnmergeableError: a version is no text, or has an unresolved conflict itself.
    """
    texts = []
    for name, data in (("the common ancestor", base), ("our version", ours), ("their version", theirs)):
        if b"\0" in data:
            raise UnmergeableError(f"{name} is not a text file", hint="our version stays; choose one of the two")
        text = data.decode("utf-8", "surrogateescape")
        if has_conflict_markers(text):
            raise UnmergeableError(
                f"{name} has an unresolved conflict of an earlier merge", hint="our version stays; resolve that first"
            )
        texts.append(text)
    ends = [_line_end(text) for text in texts]
    if "" in ends:  # mixed line ends are part of the text
        return merge(texts[0], texts[1], texts[2], style)
    in_base, in_ours, in_theirs = ends
    line_end = in_theirs if in_ours == in_base else in_ours
    plain = [text.replace("\r\n", "\n") for text in texts]
    merged = merge(plain[0], plain[1], plain[2], style)
    return replace(merged, text=merged.text.replace("\n", line_end))


def _line_end(text: str) -> str:
    r"""`\r\n` where all lines end so, `\n` where none does, an empty text where they are mixed."""
    crlf = text.count("\r\n")
    if crlf == text.count("\n") == text.count("\r") and crlf:
        return "\r\n"
    return "" if "\r" in text else "\n"
