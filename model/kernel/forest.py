"""Trees laid out for the kernel: thresholds by feature, and every tree as a table of its leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.trees import Trees

MOST_NODES = 7
MOST_THRESHOLDS = 255  # of one feature: ranks are bytes
NODE = np.dtype([("threshold", "f4"), ("asked", "i4"), ("next", "i4", 2), ("gain", "f8", 2)])  # as in kernel.h


@dataclass(frozen=True)
class Forest:
    """Every tree has ``nodes`` inner nodes; those that it lacks say left and lead nowhere.

    Attributes
    ----------
    feature, rank : ndarray of uint8, shape (n_trees, nodes)
        A row goes left where the rank of its feature among the thresholds is at most this.
    leaf : ndarray of float32, shape (n_trees, 2 ** nodes)
        The value of the leaf that a row falls into, by which of the nodes say left (the first is the lowest bit).
    roots, plain : ndarray of int32, ndarray of NODE
        The trees as `model.trees` has them.
    thresholds : ndarray of float32
        Sorted, for one feature after another; those of feature ``f`` lie from ``bounds[f]`` to ``bounds[f + 1]``.
    """

    nodes: int
    feature: NDArray[np.uint8]
    rank: NDArray[np.uint8]
    leaf: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    bounds: NDArray[np.int32]
    roots: NDArray[np.int32]
    plain: NDArray[np.void]


def lay_out(trees: Trees, n_features: int) -> Forest:
    """Lay out `trees`.

    Raises
    ------
    ValueError
        If a tree has more than 7 inner nodes, or a feature more than 255 thresholds.
    """
    inner = [_inner_nodes(trees, int(root)) for root in trees.roots]
    nodes = max(1, *(len(own) for own in inner)) if inner else 1
    asked = [np.unique(trees.threshold[[node for own in inner for node in own if trees.feature[node] == f]]) for f in range(n_features)]
    if nodes > MOST_NODES or any(len(values) > MOST_THRESHOLDS for values in asked):
        raise ValueError(f"the kernel has room for {MOST_NODES} inner nodes a tree and {MOST_THRESHOLDS} thresholds a feature")
    feature = np.zeros((len(inner), nodes), np.uint8)
    rank = np.full((len(inner), nodes), MOST_THRESHOLDS, np.uint8)
    leaf = np.zeros((len(inner), 2**nodes), np.float32)
    for tree, own in enumerate(inner):
        for position, node in enumerate(own):
            feature[tree, position] = trees.feature[node]
            rank[tree, position] = np.searchsorted(asked[trees.feature[node]], trees.threshold[node])
        leaf[tree] = trees.value[_leaves(trees, int(trees.roots[tree]), own, 2**nodes)]
    bounds = np.cumsum([0, *(len(values) for values in asked)]).astype(np.int32)
    return Forest(nodes, feature, rank, leaf, np.concatenate(asked), bounds, trees.roots, _plain(trees))


def _plain(trees: Trees) -> NDArray[np.void]:
    plain = np.zeros(len(trees.value), NODE)
    plain["threshold"] = trees.threshold
    plain["asked"] = trees.feature
    plain["next"] = np.stack([trees.left, trees.right], axis=1)
    plain["gain"] = trees.value[plain["next"]] - trees.value[:, None]
    return plain


def _inner_nodes(trees: Trees, root: int) -> list[int]:
    waiting, found = [root], []
    while waiting:
        node = waiting.pop()
        if trees.left[node] != node:
            found.append(node)
            waiting.extend((int(trees.left[node]), int(trees.right[node])))
    return found


def _leaves(trees: Trees, root: int, own: list[int], size: int) -> NDArray[Any]:
    """Return the leaf that each combination of answers leads to."""
    leaves = np.full(size, root)
    answers = np.arange(size)
    position = {node: index for index, node in enumerate(own)}
    for node in own:  # parents come before their children
        here = leaves == node
        left = (answers >> position[node] & 1) == 1
        leaves = np.where(here, np.where(left, trees.left[node], trees.right[node]), leaves)
    return leaves
