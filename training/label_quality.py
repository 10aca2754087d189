"""Labels that the model contradicts with confidence, out of fold, and those that reviewers contradict among themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from training.data import CLEAN, LabelledArticle
from training.estimator import OutOfFold

CONTRADICTED = "the model contradicts this label with confidence, out of fold"


@dataclass(frozen=True, slots=True)
class Suspect:
    """A labelled line for another look; ``score`` is the out-of-fold probability that it is injected, ``origin`` who labelled it."""

    text: str
    label: str
    score: float
    article: str
    origin: str

    @property
    def doubt(self) -> float:
        """The probability that the label is wrong."""
        return self.score if self.label == CLEAN else 1 - self.score

    def to_review(self) -> dict[str, object]:
        """Return what a reviewer needs in order to decide again."""
        return {
            "id": self.article,
            "text": self.text,
            "label": self.label,
            "score": self.score,
            "origin": self.origin,
            "why": CONTRADICTED,
        }


def find_suspects(held: OutOfFold, origins: Mapping[str, Sequence[LabelledArticle]], most: int = 200) -> list[Suspect]:
    """Return lines whose label is probably wrong, the worst first, at most `most` of each origin.

    Confident learning (C. Northcutt, L. Jiang and I. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021):
    a line is suspect if the probability of the other class reaches the mean that this class has among its own lines. They are
    ordered by the probability of the label that they bear. What was made up for training is left out: nobody labelled it.

    Parameters
    ----------
    origins : mapping of str to sequence of LabelledArticle
        The rows that were labelled, by where they are from.
    """
    spam = held.labels != CLEAN
    limit_spam, limit_clean = held.scores[spam].mean(), (1 - held.scores[~spam]).mean()
    wrong = np.flatnonzero(np.where(spam, 1 - held.scores >= limit_clean, held.scores >= limit_spam)).tolist()
    lines: dict[tuple[str, str], Suspect] = {}
    for index in wrong:
        key = str(held.articles[index]), held.texts[index]
        lines[key] = Suspect(key[1], str(held.labels[index]), round(float(held.scores[index]), 4), key[0], "")
    by_article: dict[str, list[Suspect]] = {}
    for suspect in lines.values():
        by_article.setdefault(suspect.article, []).append(suspect)
    found: list[Suspect] = []
    for origin, rows in origins.items():
        own = {line.text: replace(line, origin=origin) for row in rows for line in by_article.get(row.id, ()) if line.text in row.text}
        found.extend(sorted(own.values(), key=_worst_first)[:most])
    return sorted(found, key=_worst_first)


def _worst_first(suspect: Suspect) -> tuple[float, str]:
    return -suspect.doubt, suspect.text
