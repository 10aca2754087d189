"""Figures of a classifier on labelled articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.classifier import Classifier
from model.lines import split_lines
from model.types import Article, Report
from training.data import LabelledArticle


@dataclass(slots=True)
class Counts:
    """What was counted over the articles of one kind. Lines that are blank do not count."""

    rows: int = 0
    lines: int = 0
    spam: int = 0
    found: int = 0
    inline: int = 0
    inline_found: int = 0
    false_alarms: int = 0
    clean_rows: int = 0
    clean_rows_flagged: int = 0
    spam_characters: int = 0
    flagged_characters: int = 0
    common_characters: int = 0
    sorted_right: int = 0

    def figures(self) -> dict[str, float | int | None]:
        """Return the ratios; None where there is nothing to divide by."""
        return {
            "rows": self.rows,
            "lines": self.lines,
            "recall": _ratio(self.found, self.spam),
            "inline_recall": _ratio(self.inline_found, self.inline),
            "false_alarms_per_1000": _ratio(1000 * self.false_alarms, self.lines - self.spam),
            "clean_rows_flagged": _ratio(self.clean_rows_flagged, self.clean_rows),
            "span_recall": _ratio(self.common_characters, self.spam_characters),
            "span_precision": _ratio(self.common_characters, self.flagged_characters),
            "label_accuracy": _ratio(self.sorted_right, self.found),
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Counts by kind and language of articles."""

    by_kind: dict[tuple[str, str], Counts] = field(default_factory=dict)

    def add(self, gold: LabelledArticle, report: Report) -> None:
        """Count one article with what the model said of it."""
        flagged = {verdict.line.number: verdict for verdict in report.verdicts}
        for key in ((gold.kind, ""), (gold.kind, gold.lang)):
            counts = self.by_kind.setdefault(key, Counts())
            counts.rows += 1
            counts.clean_rows += gold.is_clean
            counts.clean_rows_flagged += gold.is_clean and report.flagged
            for line in split_lines(gold.text):
                if not line.text.strip():
                    continue
                inside = [span for span in gold.spans if span.start < line.end and span.end > line.start]
                verdict = flagged.get(line.number)
                whole = any(span.start <= line.start and span.end >= line.end for span in inside)
                counts.lines += 1
                counts.spam += bool(inside)
                counts.found += bool(inside and verdict)
                counts.inline += bool(inside) and not whole
                counts.inline_found += bool(inside and verdict) and not whole
                counts.false_alarms += bool(verdict) and not inside
                counts.sorted_right += verdict is not None and bool(inside) and verdict.label == inside[0].label
            truth = _mask(len(gold.text), [(span.start, span.end) for span in gold.spans])
            said = _mask(len(gold.text), [tuple(span) for verdict in report.verdicts for span in verdict.spans])
            counts.spam_characters += int(truth.sum())
            counts.flagged_characters += int(said.sum())
            counts.common_characters += int((truth & said).sum())


def evaluate(classifier: Classifier, articles: Sequence[LabelledArticle], threshold: float | None = None) -> Evaluation:
    """Judge `articles` and count by kind and language."""
    evaluation = Evaluation()
    for gold in articles:
        evaluation.add(gold, classifier.classify(Article(gold.text), threshold))
    return evaluation


def format_table(evaluation: Evaluation) -> str:
    """Return the figures as a table, a row a kind and, below it, a row a language."""
    rows = [
        {"kind": kind if not lang else f"  {lang}", **counts.figures()}
        for (kind, lang), counts in sorted(evaluation.by_kind.items())
        if not lang or len([key for key in evaluation.by_kind if key[0] == kind and key[1]]) > 1
    ]
    heads = list(rows[0]) if rows else []
    cells = [heads, *([_cell(row[head]) for head in heads] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    )


def expected_calibration_error(scores: NDArray[np.float64], spam: NDArray[np.bool_], weight: NDArray[np.float64], bins: int = 10) -> float:
    """Return the mean distance, over equal bins of the score, between score and share of spam, weighted by bin size.

    Pakdaman Naeini et al., "Obtaining well calibrated probabilities using Bayesian binning", 2015.
    """
    gaps, total = _gaps(scores, spam, weight, np.zeros(len(scores), np.int64), bins)
    return float(np.abs(gaps).sum() / total.sum())


def calibration_noise(
    scores: NDArray[np.float64],
    spam: NDArray[np.bool_],
    weight: NDArray[np.float64],
    articles: NDArray[np.str_],
    resamples: int = 200,
    seed: int = 0,
    bins: int = 10,
) -> float:
    """Return the standard error of `expected_calibration_error`, from a bootstrap over articles."""
    _, of = np.unique(articles, return_inverse=True)
    gaps, total = _gaps(scores, spam, weight, of, bins)
    drawn = np.random.default_rng(seed).multinomial(len(total), np.full(len(total), 1 / len(total)), resamples)
    return float((np.abs(drawn @ gaps).sum(axis=1) / (drawn @ total)).std())


def _gaps(
    scores: NDArray[np.float64], spam: NDArray[np.bool_], weight: NDArray[np.float64], of: NDArray[np.int64], bins: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by how much each bin of each article scores too high, shape (articles, bins), and the weight of each article."""
    count = int(of.max(initial=0)) + 1
    index = of * bins + np.minimum((scores * bins).astype(int), bins - 1)
    return np.bincount(index, (scores - spam) * weight, count * bins).reshape(count, bins), np.bincount(of, weight, count)


def _mask(size: int, spans: Sequence[tuple[int, ...]]) -> NDArray[np.bool_]:
    mask = np.zeros(size, np.bool_)
    for start, end in spans:
        mask[start:end] = True
    return mask


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _cell(value: object) -> str:
    return "-" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)
