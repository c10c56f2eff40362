"""The user's own areas, made of a model's classes: merged, renamed, dropped."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from refsync.classify.fields import DOMAINS
from refsync.classify.settings import AreaSettings
from refsync.classify.taxonomy import GROUPS, canonical, parent
from refsync.errors import ConfigError

MOST_LIKELY = 10  # classes of a paper that count in a merged area; the others are improbable, but there are many


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """A areas, each of one or more of a model's C classes.

    Attributes:
        names: of the areas.
        members: the columns of each area's classes.
    """

    names: tuple[str, ...]
    members: tuple[NDArray[np.intp], ...]

    @classmethod
    def of(cls, classes: Sequence[str], settings: AreaSettings) -> "Grouping | None":
        """The areas that the settings make of a model's classes; None if they leave the classes as they are.

        Raises:
            ConfigError: the settings name a class that the model does not have, or leave no area.
        """
        if not (settings.map or settings.drop):
            return None
        dropped = set(_columns(settings.drop, tuple(classes), "drop"))
        chosen = {name: _columns(codes, tuple(classes), f"map.{name}") for name, codes in settings.map.items()}
        mapped = {column for columns in chosen.values() for column in columns}
        if not settings.only_mapped:
            rest = {name: (column,) for column, name in enumerate(classes) if column not in mapped | dropped}
            if repeated := sorted(rest.keys() & chosen.keys()):
                raise ConfigError(
                    f"areas.map.{repeated[0]}: the model has a class of that name",
                    hint=f"list {repeated[0]} among its classes, drop it, or choose another name",
                )
            chosen |= rest
        kept = {name: [column for column in columns if column not in dropped] for name, columns in chosen.items()}
        kept = {name: columns for name, columns in kept.items() if columns}
        if not kept:
            raise ConfigError("areas.drop leaves no area", hint="drop fewer areas")
        return cls(tuple(kept), tuple(np.array(columns) for columns in kept.values()))

    @classmethod
    def of_parents(cls, classes: Sequence[str]) -> "Grouping":
        """The classes grouped by their parents: the archives of arXiv."""
        return _parents(tuple(classes))

    def rank(
        self, order: NDArray[np.intp], likely: NDArray[np.float64]
    ) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
        """The areas of papers by probability: that at least one of an area's classes is among the paper's.

        Args:
            order: (N, C) classes, the most likely first.
            likely: (N, C) their probabilities, in that order. The classes of an area are treated as independent, within
                the ten most likely classes of a paper.

        Returns:
            Areas, their probabilities, and the most likely class of each, all (N, A), the most likely area first.
        """
        ranks, by_class = np.empty_like(order), np.empty_like(likely)
        np.put_along_axis(ranks, order, np.arange(order.shape[1])[None], 1)
        np.put_along_axis(by_class, order, likely, 1)
        absent = np.where(ranks < MOST_LIKELY, 1 - by_class, 1)
        merged = np.stack(
            [
                np.maximum(
                    by_class.take(columns, 1).max(axis=1), 1 - np.multiply.reduce(absent.take(columns, 1), axis=1)
                )
                for columns in self.members
            ],
            axis=1,
        )
        best = np.stack([ranks.take(columns, 1).min(axis=1) for columns in self.members], axis=1)
        areas = np.lexsort((best, -merged), axis=1)  # areas of equal probability: by their best class
        leads = np.take_along_axis(order, np.take_along_axis(best, areas, 1), 1)
        return areas, np.take_along_axis(merged, areas, 1), leads


def settings_for(
    sides: Sequence[tuple[str, ...]], offered: Sequence[str], settings: AreaSettings
) -> tuple[AreaSettings | None, ...]:
    """The settings for each of several models: with the areas that it has; None where they leave it no area.

    Args:
        sides: the classes of each model.
        offered: the classes that papers can get; a model none of whose classes are among them gets None.
        settings: they may name areas of any model.

    Raises:
        ConfigError: they name an area that no model has.
    """
    for where, codes in (("drop", settings.drop), *((f"map.{name}", codes) for name, codes in settings.map.items())):
        _columns(codes, tuple(dict.fromkeys(name for side in sides for name in side)), where)
    result: list[AreaSettings | None] = []
    for classes in sides:
        kept = {
            name: known
            for name, codes in settings.map.items()
            if (known := tuple(code for code in codes if _matches(code, classes)))
        }
        drop = tuple(code for code in settings.drop if _matches(code, classes))
        dropped = {column for code in drop for column in _matches(code, classes)}
        nothing = (settings.only_mapped and not kept) or len(dropped) == len(classes)
        one = replace(settings, map=kept, drop=drop, only_mapped=settings.only_mapped and bool(kept))
        result.append(one if set(classes) & set(offered) and not nothing else None)
    if not any(result):
        raise ConfigError("areas.map and areas.drop leave no area", hint="choose another taxonomy, or drop fewer areas")
    return tuple(result)


def _matches(code: str, classes: Sequence[str]) -> list[int]:
    """The columns of the classes that a code names: a class, an archive (`astro-ph`), a group or a domain."""
    wanted = canonical(code)
    return [
        column
        for column, name in enumerate(classes)
        if wanted in (name, parent(name), GROUPS.get(name), DOMAINS.get(name))
    ]


def _columns(codes: Sequence[str], classes: tuple[str, ...], where: str) -> tuple[int, ...]:
    """The columns of the classes that codes name: a class, all of an archive (`astro-ph`) or of a group (`Physics`)."""
    found: dict[int, None] = {}
    for code in codes:
        columns = _matches(code, classes)
        if not columns:
            groups = (*map(GROUPS.get, classes), *map(DOMAINS.get, classes))
            known = {*classes, *map(parent, classes), *filter(None, groups)}
            near = difflib.get_close_matches(code, sorted(known), 1, cutoff=0.5)
            raise ConfigError(
                f"areas.{where}: the model has no area `{code}`",
                hint=f"did you mean `{near[0]}`?" if near else f"some that it has: {', '.join(classes[:5])}",
            )
        found |= dict.fromkeys(columns)
    return tuple(found)


@lru_cache(maxsize=4)
def _parents(classes: tuple[str, ...]) -> Grouping:
    columns: dict[str, list[int]] = {}
    for column, name in enumerate(classes):
        columns.setdefault(parent(name), []).append(column)
    return Grouping(tuple(columns), tuple(map(np.array, columns.values())))
