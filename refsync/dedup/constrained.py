"""Closure with constraints: groups grow along the surest links first, and never across a pair held apart.

Greedy constrained agglomeration, as in Davidson and Ravi, "Agglomerative hierarchical clustering with constraints",
PKDD 2005; ties go by content (node numbers are ranks of content), so that the input's order makes no difference.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

LIMIT = 200
"""Different forms of one paper that are joined at most: bounds the work on a component."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A link between two nodes; `required` ones are human decisions."""

    a: int
    b: int
    probability: float
    required: bool = False

    @property
    def order(self) -> tuple[bool, float, int, int]:
        """Surest first."""
        return (not self.required, -self.probability, self.a, self.b)


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes that were joined, and the links that did it."""

    nodes: tuple[int, ...]
    edges: tuple[Edge, ...]


class _Forest:
    """Disjoint sets with their members."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}
        self.members: dict[int, list[int]] = {}

    def find(self, node: int) -> int:
        parent = self._parent.setdefault(node, node)
        if parent == node:
            self.members.setdefault(node, [node])
            return node
        path = []
        while parent != node:
            path.append(node)
            node, parent = parent, self._parent[parent]
        for step in path:
            self._parent[step] = node
        return node

    def join(self, a: int, b: int) -> None:
        if len(self.members[a]) < len(self.members[b]):
            a, b = b, a
        self._parent[b] = a
        self.members[a].extend(self.members.pop(b))


def components(edges: Iterable[Edge]) -> list[list[int]]:
    """The connected components of two or more nodes, each sorted."""
    forest = _Forest()
    for edge in edges:
        a, b = forest.find(edge.a), forest.find(edge.b)
        if a != b:
            forest.join(a, b)
    return sorted(sorted(nodes) for nodes in forest.members.values() if len(nodes) > 1)


def groups(edges: Sequence[Edge], apart: Callable[[int], set[int]]) -> list[Group]:
    """Joins nodes along the edges, surest first, unless a node of one side is `apart` from one of the other.

    Each group is connected by the edges it reports, and holds at most `LIMIT` nodes, required links excepted.
    """
    forest = _Forest()
    used: dict[int, list[Edge]] = defaultdict(list)
    for edge in sorted(edges, key=lambda edge: edge.order):
        a, b = forest.find(edge.a), forest.find(edge.b)
        if a == b:
            continue
        left, right = forest.members[a], forest.members[b]
        if len(left) + len(right) > LIMIT and not edge.required:
            continue
        if len(left) > len(right):
            left, right = right, left
        others = set(right)
        if any(not others.isdisjoint(apart(node)) for node in left):
            continue
        forest.join(a, b)
        root = forest.find(a)
        edges_of_both = used.pop(a, []) + used.pop(b, []) + [edge]
        used[root] = edges_of_both
    return sorted(
        (Group(tuple(sorted(forest.members[root])), tuple(own)) for root, own in used.items()), key=lambda g: g.nodes
    )
