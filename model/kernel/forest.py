"""Trees laid out for the kernel: for walking down, and, if they are small, for asking all of their questions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.trees import Trees

TOGETHER = 8  # as in kernel.h
QUESTIONS = 5  # that a small tree has at most, as in kernel.h
HIGHEST = 2**30  # units that leaves may add up to
QUESTION = np.dtype([("threshold", "f4"), ("asked", "i4")])
STEP = np.dtype([("threshold", "f4"), ("asked", "i4"), ("gain", "f8", 2), ("ahead", "i4", 2)])


@dataclass(frozen=True)
class Forest:
    """Trees as kernel.h has them.

    Attributes
    ----------
    steps : ndarray of STEP, shape (count, places)
        The inner nodes of each tree, the root first; the number of trees is a multiple of `TOGETHER`. ``ahead`` is how many
        places further a row goes whose feature is at most the threshold, or more, ``gain`` how much more the tree would say
        if it ended there. The last place is of no node and leads to itself.
    root : float
        What all trees would say if they ended at their roots, and the baseline.
    questions : ndarray of QUESTION, shape (count, QUESTIONS), or None if a tree has more
        Whether a row's feature is at most the threshold. Those that a tree lacks are always answered by yes, and lead nowhere.
    planes : ndarray of uint8, shape (count, 4, 2 ** QUESTIONS), or None
        What a tree says, a 32-bit number of ``unit``, lowest byte first, by which of its questions are answered by yes (the first
        is the lowest bit). Whole numbers add up to the same in any order.
    unit : float
    """

    steps: NDArray[np.void]
    root: float
    questions: NDArray[np.void] | None
    planes: NDArray[np.uint8] | None
    unit: float


def lay_out(trees: Trees) -> Forest:
    """Lay out `trees`."""
    trees = _fill_up(trees)
    inner = _inner_nodes(trees)
    root = trees.baseline + float(trees.value[trees.roots].sum())
    questions, leaves = (_questions(trees, inner), _values(trees, inner)) if inner.shape[1] <= QUESTIONS + 1 else (None, None)
    unit = 1.0 if leaves is None else float(np.abs(leaves).max(axis=1).sum()) / HIGHEST or 1.0
    planes = None if leaves is None else np.round(leaves / unit).astype("<i4")[..., None].view(np.uint8).transpose(0, 2, 1)
    return Forest(_steps(trees, inner), root, questions, planes, unit)


def _fill_up(trees: Trees) -> Trees:
    """Return `trees` with a leaf of 0 for each that the last `TOGETHER` lack, and one more, which is the last node."""
    lacking, leaf = -len(trees.roots) % TOGETHER, len(trees.value)
    return replace(
        trees,
        roots=np.append(trees.roots, np.full(lacking, leaf, np.int32)),
        feature=np.append(trees.feature, np.int32(0)),
        threshold=np.append(trees.threshold, np.float32(0)),
        left=np.append(trees.left, np.int32(leaf)),
        right=np.append(trees.right, np.int32(leaf)),
        value=np.append(trees.value, 0.0),
    )


def _inner_nodes(trees: Trees) -> NDArray[np.int64]:
    """Return the inner nodes of each tree, parents before their children, and the last node for those that it lacks.

    At least one is lacking: of shape (n_trees, places), where no tree has as many as there are places.
    """
    left, right = trees.left.tolist(), trees.right.tolist()
    found: list[list[int]] = []
    for root in trees.roots.tolist():
        waiting, own = [root], []
        while waiting:
            node = waiting.pop()
            if left[node] != node:
                own.append(node)
                waiting += left[node], right[node]
        found.append(own)
    inner = np.full((len(found), max(map(len, found), default=0) + 1), len(left) - 1)
    for row, own in zip(inner, found, strict=True):
        row[: len(own)] = own
    return inner


def _steps(trees: Trees, inner: NDArray[np.int64]) -> NDArray[np.void]:
    steps = np.zeros(inner.shape, STEP)
    steps["threshold"], steps["asked"] = trees.threshold[inner], trees.feature[inner]
    place = np.full(len(trees.value), inner.shape[1] - 1)  # of each node in its tree: leaves stand in the last
    place[inner] = np.arange(inner.shape[1])
    place[-1] = inner.shape[1] - 1
    for answer, children in enumerate((trees.left[inner], trees.right[inner])):
        steps["gain"][..., answer] = trees.value[children] - trees.value[inner]
        steps["ahead"][..., answer] = place[children] - place[inner]
    return steps


def _questions(trees: Trees, inner: NDArray[np.int64]) -> NDArray[np.void]:
    questions = np.zeros((len(inner), QUESTIONS), QUESTION)
    questions["threshold"] = np.inf
    own = inner[:, :QUESTIONS]
    asks = trees.left[own] != own
    questions["threshold"][:, : own.shape[1]][asks] = trees.threshold[own[asks]]
    questions["asked"][:, : own.shape[1]] = trees.feature[own]
    return questions


def _values(trees: Trees, inner: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what each tree says to each combination of answers, shape (n_trees, 2 ** QUESTIONS)."""
    answers = np.arange(2**QUESTIONS)
    nodes = np.repeat(trees.roots[:, None], len(answers), axis=1)
    for question, asking in enumerate(inner.T[:QUESTIONS]):
        children = np.where(answers >> question & 1, trees.left[asking, None], trees.right[asking, None])
        nodes = np.where(nodes == asking[:, None], children, nodes)
    return trees.value[nodes]
