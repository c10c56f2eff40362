"""Suggested groups in the entries of a plan: as keywords, or as groups of JabRef. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from refsync.planning.plan import Plan
from refsync.text.latex_escape import text_to_latex
from refsync.text.lists import join_words, split_words

GroupField = Literal["keywords", "groups"]


@dataclass(frozen=True, slots=True)
class LibraryGroups:
    """Groups as they are written.

    Attributes:
        field: `keywords`, or `groups`, which JabRef reads.
        papers: by the name of a group, the indices of its entries.
    """

    field: GroupField
    papers: Mapping[str, tuple[int, ...]]

    @property
    def counts(self) -> dict[str, int]:
        """How many papers each group has."""
        return {name: len(papers) for name, papers in self.papers.items()}


def with_groups(plan: Plan, groups: LibraryGroups) -> Plan:
    """The plan whose entries name their groups, after the words that the field has already."""
    entries = list(plan.entries)
    for name, papers in groups.papers.items():
        for index in papers:
            record = entries[index].record
            word = text_to_latex(name) if record.markup == "latex" else name
            present = split_words(record.get(groups.field))
            if word.casefold() not in {one.casefold() for one in present}:
                fields = {**record.fields, groups.field: join_words([*present, word])}
                entries[index] = replace(entries[index], record=replace(record, fields=fields))
    tree = jabref_tree(list(groups.papers)) if groups.field == "groups" else ""
    return replace(plan, entries=tuple(entries), groups=groups.counts, trailer=tree)


def jabref_tree(names: list[str]) -> str:
    r"""The comment in which JabRef keeps the groups of a file.

    >>> print(jabref_tree(["area:moss"]), end="")
    @Comment{jabref-meta: grouping:
    0 AllEntriesGroup:;
    1 StaticGroup:area:moss\;0\;1\;\;\;\;;
    }
    """
    lines = [f"1 StaticGroup:{_escaped(name)}\\;0\\;1\\;\\;\\;\\;;" for name in names]
    return "\n".join(["@Comment{jabref-meta: grouping:", "0 AllEntriesGroup:;", *lines, "}", ""])


def _escaped(name: str) -> str:
    """A name in JabRef's list, whose separator is `;`. Braces would end the comment."""
    return name.replace("\\", "").replace("{", "").replace("}", "").replace(";", "")
