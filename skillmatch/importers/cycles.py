"""Which links close a circle."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def closing_edges(
    fixed: Iterable[tuple[Node, Node]], added: Sequence[tuple[Node, Node]]
) -> dict[int, tuple[Node, ...]]:
    """Return which of the edges `added` close a circle with `fixed` and with those added before and kept.

    Parameters
    ----------
    fixed
        Edges that are there already; without a circle of their own.
    added
        Edges in the order in which they are to be added.

    Returns
    -------
    dict
        By the index of the edge to leave out, the nodes of the circle, the first repeated at the end.

    >>> closing_edges([("a", "b")], [("b", "c"), ("c", "a")])
    {1: ('c', 'a', 'b', 'c')}
    """
    there = list(fixed)
    suspects = _nodes_on_circles([*there, *added])
    following: dict[Node, list[Node]] = {}
    for source, target in there:
        if source in suspects and target in suspects:
            following.setdefault(source, []).append(target)
    closing = {}
    for index, (source, target) in enumerate(added):
        if source not in suspects or target not in suspects:
            continue
        path = _path(following, target, source)
        if path:
            closing[index] = (source, *path)
        else:
            following.setdefault(source, []).append(target)
    return closing


def _nodes_on_circles(edges: Sequence[tuple[Node, Node]]) -> set[Node]:
    """Return a set that holds every node on a circle, and few others: what is left when ends are taken off."""
    left = {node for edge in edges for node in edge}
    for forwards in (True, False):
        following: dict[Node, list[Node]] = {}
        count = dict.fromkeys(left, 0)
        for edge in edges:
            source, target = edge if forwards else edge[::-1]
            if source in left and target in left:
                following.setdefault(source, []).append(target)
                count[target] += 1
        ends = [node for node, number in count.items() if not number]
        while ends:
            node = ends.pop()
            left.discard(node)
            for target in following.get(node, ()):
                count[target] -= 1
                if not count[target]:
                    ends.append(target)
    return left


def _path(following: dict[Node, list[Node]], start: Node, end: Node) -> tuple[Node, ...]:
    """Return the nodes of a way from `start` to `end`, both included, or () where there is none."""
    came_from: dict[Node, Node] = {}
    waiting, seen = [start], {start}
    while waiting:
        node = waiting.pop()
        if node == end:
            way = [node]
            while way[-1] != start:
                way.append(came_from[way[-1]])
            return tuple(reversed(way))
        for target in following.get(node, ()):
            if target not in seen:
                seen.add(target)
                came_from[target] = node
                waiting.append(target)
    return ()
