"""Citation keys: kept where the user's files have them, else made of author, year and title.

Keys do not depend on the order of the input: where two papers would get one key, their content decides who keeps it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import count
from string import ascii_lowercase

from refsync.formats.bibtex_write import safe_key
from refsync.records import Record
from refsync.text.latex import to_text
from refsync.text.names import parse_name, split_names

_STOP_WORDS = frozenset(
    "a an and are as at be by can do does for from how in into is it its of on or our that the their this to toward "
    "towards using via we what when where which why with without".split()
)


def assign_keys(records: Sequence[Record], kept: Sequence[bool], taken: Collection[str] = ()) -> list[str]:
    """A key for each record, unique even where case does not count (as BibTeX holds).

    Args:
        records: the papers of one library.
        kept: whether a record's id is a key of the user's, to be kept if it can be.
        taken: keys that none of them may get.
    """
    wanted = [safe_key(record.id) if keep else "" for record, keep in zip(records, kept, strict=True)]
    wanted = [key or generated_key(record) for key, record in zip(wanted, records, strict=True)]
    # Users' keys come first, then content decides: never the order in which files were named.
    order = sorted(range(len(records)), key=lambda i: (not kept[i], wanted[i].casefold(), _digest(records[i])))
    variants: dict[str, Iterator[str]] = {}  # one for all that want a key, so that many are no slower than few
    used = {key.casefold() for key in taken}
    keys = [""] * len(records)
    for i in order:
        candidates = variants.setdefault(wanted[i].casefold(), _variants(wanted[i]))
        keys[i] = next(key for key in candidates if key.casefold() not in used)
        used.add(keys[i].casefold())
    return keys


def renamed_keys(became: Iterable[tuple[str, str]], taken: Collection[str]) -> dict[str, str]:
    """The keys that no entry has any more and that meant one paper only, each with that paper's key.

    Args:
        became: keys of the user's with the key that their paper has now.
        taken: the keys that entries have now.
    """
    meant: dict[str, set[str]] = {}
    for old, new in became:
        meant.setdefault(old, set()).add(new)
    has = set(taken)
    return {old: new.pop() for old, new in meant.items() if len(new) == 1 and old not in has}


def generated_key(record: Record) -> str:
    """`vaswani2017attention`; without an author the first words of the title: `training-chain-thought-latent`."""
    plain: Callable[[str], str] = to_text if record.markup == "latex" else str
    title = _words(plain(record.get("title")))
    year = re.search(r"\d{4}", record.get("year", "date"))
    names, _ = split_names(plain(record.get("author", "editor")))
    author = "".join(_words(parse_name(names[0]).family)) if names else ""
    if author:
        return author + (year[0] if year else "") + "".join(title[:1])
    key = "-".join(title[:4]) + (year[0] if year else "")
    return key or f"ref-{_digest(record)[:8]}"


def _variants(key: str) -> Iterator[str]:
    """The key itself, then with a letter behind it (`smith2020deepa`), then with a number."""
    yield key
    yield from (key + letter for letter in ascii_lowercase)
    yield from (f"{key}-{number}" for number in count(27))


def _digest(record: Record) -> str:
    content = "\x1f".join(f"{name}={value}" for name, value in sorted(record.fields.items()))
    return hashlib.sha256(f"{record.type}\x1e{content}".encode()).hexdigest()


def _words(text: str) -> list[str]:
    """The significant words of a text in ASCII; a word that has none (in another script) is left out."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", ascii_text.replace("'", ""))
    return [word for word in words if word not in _STOP_WORDS] or words
