"""Generated .bib files and edits of them, as two people make them."""

from dataclasses import dataclass

from hypothesis import strategies as st

WORDS = "kelp moss algae tide shell reef noise water patience colour sorting growth".split()
FIELDS = ("author", "year", "journal", "pages", "keywords", "note", "doi")
KEYS = [f"{name}{year}" for name in ("roe", "poe", "doe", "lee") for year in (2019, 2020, 2021)]


@dataclass(frozen=True)
class Entry:
    key: str
    fields: tuple[tuple[str, str], ...]
    comment: str = ""

    def text(self) -> str:
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in self.fields)
        return f"{self.comment}@article{{{self.key},\n{lines}}}\n"


Library = tuple[Entry, ...]


def text_of(library: Library, header: str = "% A library\n\n") -> str:
    return header + "\n".join(entry.text() for entry in library)


words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)


@st.composite
def entries(draw: st.DrawFn, key: str) -> Entry:
    names = draw(st.lists(st.sampled_from(FIELDS), unique=True, max_size=4))
    comment = draw(st.sampled_from(("", "", f"% about {key}\n")))
    return Entry(key, (("title", f"{key} {draw(words)}"), *((name, draw(words)) for name in names)), comment)


@st.composite
def libraries(draw: st.DrawFn) -> Library:
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=5))
    return tuple(draw(entries(key)) for key in keys)


@st.composite
def edited(draw: st.DrawFn, library: Library) -> Library:
    """The library after one to three edits: a value set, a field added or removed, an entry added, removed or moved."""
    result = list(library)
    for _ in range(draw(st.integers(1, 3))):
        what = draw(st.sampled_from(("set", "set", "field", "add", "remove", "move")))
        at = draw(st.integers(0, max(len(result) - 1, 0)))
        if what == "add":
            key = draw(st.sampled_from(KEYS))
            if all(entry.key != key for entry in result):
                result.insert(at, draw(entries(key)))
        elif not result:
            continue
        elif what == "remove":
            del result[at]
        elif what == "move":
            result.append(result.pop(at))
        else:
            result[at] = draw(_with_other_field(result[at], new=what == "field"))
    return tuple(result)


@st.composite
def _with_other_field(draw: st.DrawFn, entry: Entry, *, new: bool) -> Entry:
    fields = dict(entry.fields)
    if new:
        fields[draw(st.sampled_from(FIELDS))] = draw(words)
    elif name := draw(st.sampled_from([*fields])):
        if name == "title" or draw(st.booleans()):
            fields[name] = f"{entry.key} {draw(words)}" if name == "title" else draw(words)
        else:
            del fields[name]
    return Entry(entry.key, tuple(fields.items()), entry.comment)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Library, Library, Library]:
    """A library and two versions of it."""
    base = draw(libraries())
    return base, draw(edited(base)), draw(edited(base))
