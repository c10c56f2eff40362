"""Settings of tagging. Imports nothing heavy, so that a configuration can be read without the model."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from refsync.errors import ConfigError

Taxonomy = Literal["auto", "arxiv", "fields", "both", "none"]
"""`fields`: the fields of all sciences. `arxiv`: the categories of arXiv, where the field allows them. `both`: a field
and a category. `auto`: the category where one is sure, else the field. `none`: papers are not tagged."""
TAXONOMIES: Final[tuple[str, ...]] = get_args(Taxonomy)


@dataclass(frozen=True, slots=True)
class AreaSettings:
    """The decision rule.

    A paper's most likely area is applied if, among papers with such a probability, at least the share `min_accuracy`
    belongs to its most likely area (measured when the model was calibrated, separately for papers with and without an
    abstract); otherwise the model abstains. Further areas are applied if their probability is `min_probability` or
    more.

    A paper without a sure area can still get the archive that its most likely areas share (`fallback`), if that is as
    sure as an area has to be.

    Attributes:
        model: path of a model file; empty for the shipped models.
        taxonomy: which of the shipped models' areas papers get.
        min_accuracy: from 0 to 1; 0 applies the most likely area of every readable text.
        min_probability: from 0 to 1, for every applied area, including the most likely one.
        max_areas: how many areas a paper can get.
        fallback: what a paper without a sure area gets: nothing, or its archive (`astro-ph`).
        map: the user's own areas, each made of one or more of the model's: codes, archives or groups
            (`vision = ["cs.CV", "eess.IV"]`). A single code is renamed.
        drop: areas, archives or groups that no paper gets.
        only_mapped: whether areas that are not in `map` are dropped.
        prefix: written before an area (`area:`). Own areas among the keywords always have one.
        field: the field that areas are written to; its existing content stays.

    Raises:
        ConfigError: a value is out of range.
    """

    model: str = ""
    taxonomy: Taxonomy = "auto"
    min_accuracy: float = 0.85
    min_probability: float = 0.6
    max_areas: int = 3
    fallback: Literal["abstain", "archive"] = "abstain"
    map: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    only_mapped: bool = False
    prefix: str = ""
    field: str = "keywords"

    @property
    def tags(self) -> bool:
        """Whether papers are tagged; a model of the user's own is used whatever the taxonomy."""
        return bool(self.model) or self.taxonomy != "none"

    def __post_init__(self) -> None:
        for name in ("min_accuracy", "min_probability"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ConfigError(f"{name} is {value}", hint="a share between 0 and 1, such as 0.9")
        if self.max_areas < 1:
            raise ConfigError(f"max_areas is {self.max_areas}", hint="at least 1")
        for name, codes in self.map.items():
            if not (name.strip() and codes):
                raise ConfigError(f"areas.map: {name!r} has no areas", hint='for example vision = ["cs.CV", "eess.IV"]')
        if not re.fullmatch(r"[a-z][\w-]*", self.field):
            raise ConfigError(f"areas.field is {self.field!r}", hint="the name of a field, such as keywords")
        if any(mark in self.prefix for mark in ",;{}\\"):
            raise ConfigError(f"areas.prefix is {self.prefix!r}", hint="text before each area, such as area:")
        if self.only_mapped and not self.map:
            raise ConfigError("areas.only_mapped without areas.map leaves no area", hint="add a table [areas.map]")


@dataclass(frozen=True, slots=True)
class AreaAnswer:
    """People's answers about the areas of one paper."""

    accepted: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()


NO_ANSWER = AreaAnswer()


def taxonomy_settings(value: str) -> dict[str, str]:
    """The settings that `--taxonomy` changes: the name of a taxonomy, or the path of a model file.

    >>> taxonomy_settings("fields"), taxonomy_settings("own.npz")
    ({'taxonomy': 'fields', 'model': ''}, {'model': 'own.npz'})
    """
    return {"taxonomy": value, "model": ""} if value in TAXONOMIES else {"model": value}
