"""Whether an entry and an item of one citation key are one paper, as they are after a push or a pull."""

from refsync.formats.bibtex.dialect import to_dialect
from refsync.records import Record
from refsync.text.fold import fold
from refsync.text.identifiers import doi
from refsync.text.latex import to_text
from refsync.zotero.items.value_comparison import same_value


def one_paper(one: Record, other: Record) -> bool:
    """Whether DOI, else title, tell so; without titles, whether the two differ in nothing that both say."""
    if doi(one.get("doi")) and doi(one.get("doi")) == doi(other.get("doi")):
        return True
    titles = [fold(to_text(record.get("title"))) for record in (one, other)]
    if all(titles):
        return titles[0] == titles[1]
    mine, theirs = (to_dialect(record, "biblatex").fields for record in (one, other))
    shared = [name for name in mine if name in theirs]
    return bool(shared) and all(same_value(name, mine[name], theirs[name]) for name in shared)
