"""How to tag: what a user may set. Imports nothing heavy, so that a configuration can be read without the model."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from refsync.errors import ConfigError


@dataclass(frozen=True, slots=True)
class AreaSettings:
    """The decision rule.

    A paper's likeliest area is applied where papers with such a probability really belong to their likeliest area at
    least in the share `min_accuracy` (measured when the model was calibrated, apart for papers with and without an
    abstract); otherwise the model abstains. Further areas are applied from `min_probability` on.

    A paper of which no area is sure can still get the archive that its likeliest areas share (`fallback`), where that
    is as sure as an area has to be.

    Attributes:
        model: path of a model file; empty for the one that ships.
        min_accuracy: of 0 to 1; 0 applies the likeliest area whenever the text can be read.
        min_probability: of 0 to 1, for every applied area, the likeliest too.
        max_areas: how many areas a paper can get.
        fallback: what a paper gets of which no area is sure: nothing, or its archive (`astro-ph`).
        map: areas of the user's own, each made of one or more of the model's: codes, archives or groups
            (`vision = ["cs.CV", "eess.IV"]`). One code alone is a new name for it.
        drop: areas, archives or groups that no paper gets.
        only_mapped: whether areas that `map` does not name are dropped.
        prefix: stands before an area where it is written (`area:`). Own areas always have one among the keywords.
        field: where areas are written; what it holds already stays.

    Raises:
        ConfigError: a value out of its range.
    """

    model: str = ""
    min_accuracy: float = 0.85
    min_probability: float = 0.6
    max_areas: int = 3
    fallback: Literal["abstain", "archive"] = "abstain"
    map: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    only_mapped: bool = False
    prefix: str = ""
    field: str = "keywords"

    def __post_init__(self) -> None:
        for name in ("min_accuracy", "min_probability"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ConfigError(f"{name} is {value}", hint="it is a share between 0 and 1, such as 0.9")
        if self.max_areas < 1:
            raise ConfigError(f"max_areas is {self.max_areas}", hint="a paper can get 1 area or more")
        for name, codes in self.map.items():
            if not (name.strip() and codes):
                raise ConfigError(
                    f"areas.map: {name!r} is made of nothing", hint='such as vision = ["cs.CV", "eess.IV"]'
                )
        if not re.fullmatch(r"[a-z][\w-]*", self.field):
            raise ConfigError(f"areas.field is {self.field!r}", hint="it is a field's name, such as keywords")
        if any(mark in self.prefix for mark in ",;{}\\"):
            raise ConfigError(f"areas.prefix is {self.prefix!r}", hint="it is put before each area, such as area:")
        if self.only_mapped and not self.map:
            raise ConfigError("only_mapped leaves no area without a map", hint="add a table [areas.map]")


@dataclass(frozen=True, slots=True)
class AreaAnswer:
    """What people said of the areas of one paper."""

    accepted: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()


NO_ANSWER = AreaAnswer()
