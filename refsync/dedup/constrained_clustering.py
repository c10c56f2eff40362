"""Clustering with constraints: groups grow along the surest links first, and never across a cannot-link pair.

Greedy constrained agglomeration, as in Davidson and Ravi, "Agglomerative hierarchical clustering with constraints",
PKDD 2005. Ties are broken by content (node numbers are ranks of content): the order of the input has no effect.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

LIMIT = 200
"""Different forms of one paper that are joined at most: bounds the work on a component."""


class Edge(NamedTuple):
    """A link between two nodes; `must_link` ones are people's answers."""

    a: int
    b: int
    probability: float
    must_link: bool = False

    @property
    def order(self) -> tuple[bool, float, int, int]:
        """Surest first."""
        return (not self.must_link, -self.probability, self.a, self.b)


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes that were joined, and the links that did it."""

    nodes: tuple[int, ...]
    edges: tuple[Edge, ...]


class Forest:
    """Disjoint sets with their members."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}
        self.members: dict[int, set[int]] = {}

    def find(self, node: int) -> int:
        parent = self._parent.setdefault(node, node)
        if parent == node:
            self.members.setdefault(node, {node})
            return node
        path = []
        while parent != node:
            path.append(node)
            node, parent = parent, self._parent[parent]
        for step in path:
            self._parent[step] = node
        return node

    def join(self, a: int, b: int) -> int:
        """Joins two sets, the smaller into the larger; the name of the result."""
        if len(self.members[a]) < len(self.members[b]):
            a, b = b, a
        self._parent[b] = a
        self.members[a] |= self.members.pop(b)
        return a


def components(edges: Iterable[Edge]) -> list[list[int]]:
    """The connected components of two or more nodes, each sorted."""
    forest = Forest()
    for edge in edges:
        a, b = forest.find(edge.a), forest.find(edge.b)
        if a != b:
            forest.join(a, b)
    return sorted(sorted(nodes) for nodes in forest.members.values() if len(nodes) > 1)


def bounded(edges: list[Edge]) -> list[Edge]:
    """Cuts components that are too big to check pair by pair: first weak links, then between runs of nodes."""
    for least in (0.99, 0.999):
        big = {node for nodes in components(edges) if len(nodes) > LIMIT for node in nodes}
        if not big:
            return edges
        edges = [edge for edge in edges if edge.a not in big or edge.probability >= least]
    run: dict[int, tuple[int, int]] = {}
    for i, nodes in enumerate(components(edges)):
        if len(nodes) > LIMIT:
            run.update((node, (i, at // LIMIT)) for at, node in enumerate(nodes))
    return [edge for edge in edges if run.get(edge.a) == run.get(edge.b)]


def groups(
    edges: Sequence[Edge], cannot_link: Callable[[int], Set[int]], single: Set[int] = frozenset()
) -> list[Group]:
    """Joins nodes along the edges, surest first, unless a node of one side cannot link to one of the other.

    Each group is connected by the edges it reports, and holds at most `LIMIT` nodes and one of `single`, must-links
    excepted.
    """
    forest = Forest()
    used: dict[int, list[Edge]] = defaultdict(list)
    taken = set(single)  # names of the sets that hold one of `single`
    for edge in sorted(edges, key=lambda edge: edge.order):
        a, b = forest.find(edge.a), forest.find(edge.b)
        if a == b:
            continue
        few, many = sorted((forest.members[a], forest.members[b]), key=len)
        if not edge.must_link and (len(few) + len(many) > LIMIT or (a in taken and b in taken)):
            continue
        if any(not many.isdisjoint(cannot_link(node)) for node in few):
            continue
        root = forest.join(a, b)
        if a in taken or b in taken:
            taken.add(root)
        used[root] = used.pop(a, []) + used.pop(b, []) + [edge]
    return sorted(
        (Group(tuple(sorted(forest.members[root])), tuple(own)) for root, own in used.items()), key=lambda g: g.nodes
    )
