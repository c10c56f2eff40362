"""What the command that made a plan was asked to do, as the plan file has it under `options`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What the command that made a plan was asked to do; carrying out the plan repeats it.

    Attributes:
        inputs: as the user named them.
        against: the library that the inputs are compared with; empty for none.
        from_format: the format of the inputs; empty where each is detected.
        in_place: whether the inputs themselves are changed.
        cites: the documents that cite, as they were named.
        rewrite_cites: whether these documents are rewritten.
        ids: whether citation keys that go stay as aliases; None where the kind of file decides.
    """

    inputs: tuple[str, ...]
    against: str = ""
    from_format: str = ""
    in_place: bool = False
    cites: tuple[str, ...] = ()
    rewrite_cites: bool = False
    ids: bool | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "inputs": [*self.inputs],
            "against": self.against,
            "from": self.from_format,
            "in_place": self.in_place,
            "cites": [*self.cites],
            "rewrite_cites": self.rewrite_cites,
            "ids": self.ids,
        }

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> "PlanOptions":
        return cls(
            inputs=tuple(table["inputs"]),
            against=table.get("against", ""),
            from_format=table.get("from", ""),
            in_place=bool(table.get("in_place")),
            cites=tuple(table.get("cites", ())),
            rewrite_cites=bool(table.get("rewrite_cites")),
            ids=table.get("ids"),
        )
