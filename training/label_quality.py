"""Labels that the model contradicts with confidence, out of fold, and those that reviewers contradict among themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.data import CLEAN
from training.estimator import OutOfFold

CONTRADICTED = "the model contradicts this label with confidence, out of fold"


@dataclass(frozen=True, slots=True)
class Suspect:
    """A labelled line for another look; ``score`` is the out-of-fold probability that it is injected."""

    text: str
    label: str
    score: float
    article: str

    def to_review(self) -> dict[str, object]:
        """Return what a reviewer needs in order to decide again."""
        return {"id": self.article, "text": self.text, "label": self.label, "score": self.score, "why": CONTRADICTED}


def find_suspects(held: OutOfFold, most: int = 200) -> list[Suspect]:
    """Return lines whose label is probably wrong, the worst first.

    Confident learning (C. Northcutt, L. Jiang and I. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021):
    a line is suspect if the probability of the other class reaches the mean that this class has among its own lines. They are
    ordered by the probability of the label that they bear.
    """
    spam = held.labels != CLEAN
    limit_spam, limit_clean = held.scores[spam].mean(), (1 - held.scores[~spam]).mean()
    wrong = np.where(spam, 1 - held.scores >= limit_clean, held.scores >= limit_spam)
    own = np.where(spam, held.scores, 1 - held.scores)
    seen: set[str] = set()
    suspects = []
    for index in sorted(np.flatnonzero(wrong).tolist(), key=lambda i: float(own[i])):
        if held.texts[index] not in seen and len(suspects) < most:
            seen.add(held.texts[index])
            suspects.append(
                Suspect(held.texts[index], str(held.labels[index]), round(float(held.scores[index]), 4), str(held.articles[index]))
            )
    return suspects
