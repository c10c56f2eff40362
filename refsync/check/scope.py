"""Which files belong together: those in which duplicates are compared, and those that are compiled together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from refsync.check.settings import ScopeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Relations between files, by their sources.

    Attributes:
        kind: the setting.
        documents: for each file, the documents that name it as a bibliography.
        library: the files that the configuration declares as the rest of the bibliography.
        parts: files that are one bibliography together, whatever the setting: the documents of papis.
    """

    kind: ScopeKind = "document"
    documents: Mapping[str, Collection[str]] = field(default_factory=dict)
    library: Collection[str] = ()
    parts: Collection[str] = ()

    def compared(self, one: str, other: str) -> bool:
        """Whether duplicates are reported between two files.

        Files that different documents name may share papers on purpose; a file that none names is compared with all.
        """
        if one == other or (one in self.parts and other in self.parts):
            return True
        match self.kind:
            case "together":
                return True
            case "each-file":
                return False
            case "folder":
                return _folder(one) == _folder(other)
            case _:
                return self._share_a_document(one, other) or not (self.documents.get(one) and self.documents.get(other))

    def compiled(self, one: str, other: str) -> bool:
        """Whether one document reads both, so that no key may be in both."""
        if one == other or (one in self.parts and other in self.parts):
            return True
        if self.kind != "document":
            return self.compared(one, other)
        if self._share_a_document(one, other):
            return True
        declared = one in self.library or other in self.library
        return declared and self.compared(one, other)

    @property
    def spans_files(self) -> bool:
        """Whether any two files can belong together."""
        return self.kind != "each-file"

    def _share_a_document(self, one: str, other: str) -> bool:
        return not set(self.documents.get(one, ())).isdisjoint(self.documents.get(other, ()))


def _folder(source: str) -> PurePath:
    return PurePath(source).parent


TOGETHER = Scope(kind="together")
"""All files belong together."""
