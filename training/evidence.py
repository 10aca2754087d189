"""What the labels themselves say of both models: lines that neither has learned from, however few they are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.classifier import Classifier
from model.registry import resolve
from training.checks import keys_of
from training.data import LabelledArticle
from training.estimator import OutOfFold
from training.gate import Figure, compare_shares
from training.progress import track
from training.trials import Trial

LEARNED = "learned.txt"  # beside a published model: a short hash of every label that it was fitted on
MOST = 10_000  # labels that are looked at
TOLERANCE = 0.05
FAMILIES = (("recall, new labels out of fold", True), ("false alarms, new labels out of fold", False))


@dataclass(frozen=True)
class Evidence:
    """Labels that are new since the champion, with the scores of both models, shape (n_labels,) each; the challenger's are out of fold."""

    labels: list[LabelledArticle]
    champion: NDArray[np.float64]
    challenger: NDArray[np.float64]


def gather(champion: Classifier, known: frozenset[str], held: OutOfFold, labels: Sequence[LabelledArticle]) -> Evidence:
    """Score labelled lines that are not `known` to the champion; what the challenger says comes from folds without their group."""
    fresh = {(row.id, row.text): row for row, mark in zip(labels, marks_of(labels), strict=True) if mark not in known and row.is_line}
    lines = zip(held.articles.tolist(), held.texts, strict=True)
    found = {key: score for key, score in zip(lines, held.scores.tolist(), strict=True) if key in fresh}
    rows = [fresh[key] for key in list(found)[:MOST]]
    old = [score_of(champion, row.text) for row in track(rows, "trying new labels")]
    return Evidence(rows, np.array(old, np.float64), np.array([found[row.id, row.text] for row in rows], np.float64))


def compare_evidence(evidence: Evidence, champion: float, challenger: float, seed: int, figures: int) -> list[Figure]:
    """Compare recall and false alarms of both models, at their thresholds, on the new labels; groups are drawn whole."""
    result = []
    spam = np.array([not row.is_clean for row in evidence.labels], np.bool_)
    groups = np.array([row.group for row in evidence.labels], np.str_)
    for name, higher in FAMILIES:
        part = spam == higher
        if part.any():
            _, index, of = np.unique(groups[part], return_inverse=True, return_counts=True)
            flagged = evidence.champion[part] >= champion, evidence.challenger[part] >= challenger
            old, new = (Trial(np.bincount(index, hits).astype(np.int64), of) for hits in flagged)
            result.append(compare_shares(name, old, new, TOLERANCE, seed, higher=higher, figures=figures))
    return result


def known_to(champion_path: Path) -> frozenset[str]:
    """Return the marks of the labels that a published model was fitted on; none if it does not say."""
    path = resolve(champion_path) / LEARNED
    return frozenset(path.read_text(encoding="ascii").split()) if path.exists() else frozenset()


def marks_of(labels: Sequence[LabelledArticle]) -> list[str]:
    """Return a short hash of what each label says, without its text: labels hold what people wrote."""
    return [hashlib.sha256(f"{key}\0{row.label}".encode()).hexdigest()[:16] for key, row in zip(keys_of(labels), labels, strict=True)]


def score_of(classifier: Classifier, text: str) -> float:
    """Return the highest score of any line, 0 without one."""
    _, scores = classifier.line_scores(text)
    return float(scores.max()) if len(scores) else 0.0
