"""Whether an entry and an item with the same citation key are the same paper, as after a push or a pull."""

from refsync.formats.common.dialect import to_dialect
from refsync.records import Record
from refsync.text.fold import fold
from refsync.text.identifiers import doi
from refsync.text.latex import latex_to_text
from refsync.zotero.items.value_comparison import same_value


def is_same_paper(one: Record, other: Record) -> bool:
    """Whether the DOIs or titles are equal; without titles, whether all fields that both have are equal."""
    if doi(one.get("doi")) and doi(one.get("doi")) == doi(other.get("doi")):
        return True
    titles = [fold(latex_to_text(record.get("title"))) for record in (one, other)]
    if all(titles):
        return titles[0] == titles[1]
    mine, theirs = (to_dialect(record, "biblatex").fields for record in (one, other))
    shared = [name for name in mine if name in theirs]
    return bool(shared) and all(same_value(name, mine[name], theirs[name]) for name in shared)
