"""The second stage: boosted decision trees over the features of a segment, as plain arrays.

All trees stand one after another in the node arrays. A node with ``left[node] == node`` is a leaf.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 1024  # rows that go down the trees together; more would leave the cache, and memory would grow with the text


@dataclass(frozen=True)
class Trees:
    """An ensemble whose raw score is ``baseline`` plus, for every tree, the value of the leaf that a row falls into.

    Attributes
    ----------
    roots : ndarray of int32, shape (n_trees,)
    feature, left, right : ndarray of int32, shape (n_nodes,)
    threshold : ndarray of float32, shape (n_nodes,)
        A row goes left where its feature is at most this.
    value : ndarray of float64, shape (n_nodes,)
        What a tree would say if it ended at this node.
    baseline : float
    depth : int
        Length of the longest path from a root.
    """

    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    baseline: float
    depth: int

    def decide(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the raw score (log odds) of every row, shape (n_rows,)."""
        return np.concatenate([self._decide(rows[start : start + BLOCK]) for start in range(0, max(len(rows), 1), BLOCK)])

    def _decide(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        node = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        index = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            node = self._step(rows, index, node)
        return np.asarray(self.baseline + self.value[node].sum(axis=1))

    def explain(self, row: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return what each feature added to the raw score of one row, shape (n_features,).

        The change of value at each step of a path goes to the feature that was asked (A. Saabas, "Interpreting random
        forests", 2014).
        """
        rows, index = row[None, :], np.zeros((1, 1), np.int64)
        node = self.roots[None, :]
        shares = np.zeros(len(row))
        for _ in range(self.depth):
            following = self._step(rows, index, node)
            np.add.at(shares, self.feature[node[0]], self.value[following[0]] - self.value[node[0]])
            node = following
        return shares

    def _step(self, rows: NDArray[np.float32], index: NDArray[np.int64], node: NDArray[Any]) -> NDArray[np.int32]:
        return np.asarray(np.where(rows[index, self.feature[node]] <= self.threshold[node], self.left[node], self.right[node]), np.int32)
