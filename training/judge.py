"""Fitting the second stage: boosted trees over features of segments, and the calibration of their scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from model.features import NAMES
from model.trees import Trees

# What may only raise (+1) or only lower (-1) the score. It keeps quirks of the training data out of the model.
MONOTONE = {
    "wording": 1,
    "wording_line": 1,
    "wording_peak": 1,
    "wording_word": 1,
    "wording_before": 1,
    "wording_after": 1,
    "excess": 1,
    "topic": 1,
    "topic_article": -1,
    "topic_excess": 1,
    "unknown_words": 1,
    "known_words": -1,
    "shared_words": -1,
    "shared_evidence": -1,
    "styled": 1,
    "overlaid": 1,
    "hidden": 1,
    "lookalike": 1,
    "spelled_out": 1,
    "leet": 1,
    "half_styled": 1,
    "disguised_names": 1,
    "glued": 1,
    "glued_ending": 1,
    "glued_share": 1,
    "links": 1,
    "paths": 1,
    "ends_open": 1,
    "other_script": 1,
}


@dataclass(frozen=True)
class Shape:
    """How large the ensemble grows."""

    trees: int
    leaves: int = 6
    rate: float = 0.12
    smallest_leaf: int = 40
    ridge: float = 5.0


def fit_trees(features: NDArray[np.float32], spam: NDArray[np.bool_], weight: NDArray[np.float64], shape: Shape, seed: int) -> Trees:
    """Fit trees that tell injected segments from others; ``weight`` says how many rows each counts for."""
    model = HistGradientBoostingClassifier(
        max_iter=shape.trees,
        max_leaf_nodes=shape.leaves,
        learning_rate=shape.rate,
        min_samples_leaf=shape.smallest_leaf,
        l2_regularization=shape.ridge,
        monotonic_cst=[MONOTONE.get(name, 0) for name in NAMES],
        early_stopping=False,
        random_state=seed,
    )
    # Sums over more threads differ in their last bits, and with them the trees: one thread gives the same model on every machine.
    with threadpool_limits(limits=1, user_api="openmp"):
        model.fit(features, spam, weight)
    return export(model)


def export(model: HistGradientBoostingClassifier) -> Trees:
    """Return a fitted binary ensemble as arrays, which decide rows of 32-bit floats as it does.

    scikit-learn has no public view of these trees; a test holds this against ``decision_function``.
    """
    nodes = [predictors[0].nodes for predictors in model._predictors]
    sizes = np.array([len(tree) for tree in nodes])
    roots = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    joined = np.concatenate(nodes)
    own = np.arange(len(joined))
    offset = np.repeat(roots, sizes)
    leaf = joined["is_leaf"].astype(bool)
    return Trees(
        roots=roots.astype(np.int32),
        feature=np.where(leaf, 0, joined["feature_idx"]).astype(np.int32),
        threshold=round_down(np.where(leaf, np.inf, joined["num_threshold"])),
        left=np.where(leaf, own, joined["left"] + offset).astype(np.int32),
        right=np.where(leaf, own, joined["right"] + offset).astype(np.int32),
        # scikit-learn shrinks the values of leaves only; shrunk alike, those on the way say what each question brought.
        value=np.where(leaf, joined["value"], joined["value"] * model.learning_rate).astype(np.float64),
        baseline=float(model._baseline_prediction.ravel()[0]),
        depth=int(joined["depth"].max()),
    )


def round_down(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the largest numbers of 32 bits that are not above `values`: no number of 32 bits lies between the two."""
    rounded = values.astype(np.float32)
    return np.where(rounded > values, np.nextafter(rounded, np.float32(-np.inf)), rounded)


def calibrate(raw: NDArray[np.float64], spam: NDArray[np.bool_], share: float) -> tuple[float, float]:
    """Return slope and intercept that turn raw scores of lines into log odds (Platt, 1999).

    Labelled data holds far more spam than articles do, so both classes are weighted to make `share` of the lines spam.
    """
    model = LogisticRegression(C=1e6)
    model.fit(raw[:, None], spam, sample_weight=prior_weights(spam, share))
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def prior_weights(spam: NDArray[np.bool_], share: float) -> NDArray[np.float64]:
    """Return weights with which `share` of the lines is spam; their mean is 1."""
    return np.where(spam, share / spam.mean(), (1 - share) / (1 - spam.mean()))


def choose_threshold(scores: NDArray[np.float64], weight: NDArray[np.float64], target: float) -> float:
    """Return the lowest score that at most the share `target` of clean lines reaches, rounded up to 3 digits.

    Parameters
    ----------
    scores, weight : ndarray of shape (n_lines,)
        Out-of-fold scores of clean lines, and how much each line counts.
    """
    order = np.argsort(-scores, kind="stable")
    above = np.cumsum(weight[order]) / weight.sum()
    allowed = int(np.searchsorted(above, target, side="right"))
    limit = scores[order[allowed]] if allowed < len(scores) else 0.0
    return float(np.clip(np.ceil((limit + 1e-9) * 1000) / 1000, 0.2, 0.999))
