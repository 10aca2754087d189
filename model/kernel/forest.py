"""Trees laid out for the kernel: for walking down, and, if they are small, for asking all of their questions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

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
    count, places : int
        Number of trees, a multiple of `TOGETHER`; inner nodes of the largest, and one place more.
    steps : ndarray of STEP, shape (count, places)
        The inner nodes of each tree, the root first; ``ahead`` is how many places further a row goes whose feature is at most
        the threshold, or more, ``gain`` how much more the tree would say if it ended there. The last place leads to itself.
    root : float
        What all trees would say if they ended at their roots, and the baseline.
    questions : ndarray of QUESTION, shape (count, QUESTIONS), or None if a tree has more
        Whether a row's feature is at most the threshold. Those that a tree lacks are always answered by yes, and lead nowhere.
    planes : ndarray of uint8, shape (count, 4, 2 ** QUESTIONS), or None
        What a tree says, a 32-bit number of ``unit``, lowest byte first, by which of its questions are answered by yes (the first
        is the lowest bit). Whole numbers add up to the same in any order.
    unit : float
    """

    count: int
    places: int
    steps: NDArray[np.void]
    root: float
    questions: NDArray[np.void] | None
    planes: NDArray[np.uint8] | None
    unit: float


def lay_out(trees: Trees) -> Forest:
    """Lay out `trees`."""
    trees = _fill_up(trees)
    inner = [_inner_nodes(trees, int(root)) for root in trees.roots]
    places = max(map(len, inner), default=0) + 1
    root = trees.baseline + float(trees.value[trees.roots].sum())
    questions, leaves = (_questions(trees, inner), _values(trees, inner)) if places <= QUESTIONS + 1 else (None, None)
    unit = 1.0 if leaves is None else float(np.abs(leaves).max(axis=1).sum()) / HIGHEST or 1.0
    planes = None if leaves is None else np.round(leaves / unit).astype("<i4")[..., None].view(np.uint8).transpose(0, 2, 1)
    return Forest(len(inner), places, _steps(trees, inner, places), root, questions, planes, unit)


def _fill_up(trees: Trees) -> Trees:
    """Return `trees` with a leaf of 0 for each that the last `TOGETHER` lack."""
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


def _inner_nodes(trees: Trees, root: int) -> list[int]:
    """Return the inner nodes below and with `root`, parents before their children."""
    waiting, found = [root], []
    while waiting:
        node = waiting.pop()
        if trees.left[node] != node:
            found.append(node)
            waiting.extend((int(trees.left[node]), int(trees.right[node])))
    return found


def _steps(trees: Trees, inner: list[list[int]], places: int) -> NDArray[np.void]:
    steps = np.zeros((len(inner), places), STEP)
    for tree, own in enumerate(inner):
        place = {node: index for index, node in enumerate(own)}
        for index, node in enumerate(own):
            children = [int(trees.left[node]), int(trees.right[node])]
            gain = trees.value[children] - trees.value[node]
            ahead = [place.get(child, places - 1) - index for child in children]
            steps[tree, index] = (trees.threshold[node], trees.feature[node], gain, ahead)
    return steps


def _questions(trees: Trees, inner: list[list[int]]) -> NDArray[np.void]:
    questions = np.zeros((len(inner), QUESTIONS), QUESTION)
    questions["threshold"] = np.inf
    for tree, own in enumerate(inner):
        questions["threshold"][tree, : len(own)] = trees.threshold[own]
        questions["asked"][tree, : len(own)] = trees.feature[own]
    return questions


def _values(trees: Trees, inner: list[list[int]]) -> NDArray[np.float64]:
    """Return what each tree says to each combination of answers."""
    return np.stack([trees.value[_leaves(trees, int(root), own)] for root, own in zip(trees.roots, inner, strict=True)])


def _leaves(trees: Trees, root: int, own: list[int]) -> NDArray[Any]:
    leaves, answers = np.full(2**QUESTIONS, root), np.arange(2**QUESTIONS)
    for question, node in enumerate(own):
        yes = (answers >> question & 1) == 1
        leaves = np.where(leaves == node, np.where(yes, trees.left[node], trees.right[node]), leaves)
    return leaves
