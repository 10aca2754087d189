"""The classifier as it serves: an article in, a report out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.artifact import ArtifactError, Manifest, Tensors, read_artifact
from model.features import NAMES, compute_features
from model.judge import Judge, probability, share_suspicion
from model.lines import remove_spans
from model.parse import Parsed, is_alone, parse
from model.reasons import explain
from model.registry import resolve
from model.spans import find_spans
from model.types import Article, Report, Verdict
from model.wording import Wording, margin, score_wording

DEFAULT_MODEL = Path(__file__).parent / "default"


@dataclass(frozen=True)
class Scored:
    """A parsed text with the features of its segments and the log odds that ``judge`` gave them."""

    parsed: Parsed
    wording: Wording
    features: NDArray[np.float64]
    log_odds: NDArray[np.float64]
    judge: Judge


@dataclass(frozen=True)
class Classifier:
    """A loaded model. It keeps no state between calls and may be shared by threads.

    ``weights`` (injected or not), ``topic_weights`` (about gambling or not) and ``kind_weights`` (promotion or gambling) have
    shape (2 ** bits,); ``known`` tells by hash which words training saw.
    ``article`` judges segments of articles, ``alone`` those of a text of one line, which has no company to be judged by.
    """

    manifest: Manifest
    weights: NDArray[np.float32]
    topic_weights: NDArray[np.float32]
    kind_weights: NDArray[np.float32]
    known: NDArray[np.bool_]
    bits: int
    bias: float
    topic_bias: float
    kind_bias: float
    article: Judge
    alone: Judge
    span_floor: float

    @classmethod
    def load(cls, directory: Path = DEFAULT_MODEL) -> Classifier:
        """Load a model directory, or the version in use of a registry (see `model.registry`).

        Raises
        ------
        ArtifactError
            If a file of it is missing, truncated, altered or does not fit the others.
        """
        manifest, tensors = read_artifact(resolve(directory))
        try:
            return cls.from_tensors(manifest, tensors)
        except (KeyError, TypeError, ValueError) as error:
            raise ArtifactError(f"{directory}: manifest and weights do not fit: {error}") from error

    @classmethod
    def from_tensors(cls, manifest: Manifest, tensors: Tensors) -> Classifier:
        """Build a classifier from what `read_artifact` returns."""
        p = manifest.parameters
        if list(p["features"]) != list(NAMES):
            raise ValueError("the features of the model are not those of this version of Saring")
        bits = int(p["bits"])
        if any(tensors[name].shape != (2**bits,) for name in ("weights", "topic_weights", "kind_weights")):
            raise ValueError(f"weights are not of shape ({2**bits},)")
        return cls(
            manifest,
            tensors["weights"],
            tensors["topic_weights"],
            tensors["kind_weights"],
            np.unpackbits(tensors["known"]).astype(np.bool_),
            bits,
            float(p["bias"]),
            float(p["topic_bias"]),
            float(p["kind_bias"]),
            Judge.read("article", tensors, p["article"]),
            Judge.read("alone", tensors, p["alone"]),
            float(p["span_floor"]),
        )

    def score(self, text: str) -> Scored:
        """Score every segment of `text`."""
        parsed = parse(text, self.bits)
        count = len(parsed.segments)
        wording = score_wording(parsed, self.weights, self.bias)
        topic = score_wording(parsed, self.topic_weights, self.topic_bias)
        features = compute_features(parsed, wording, topic, self.known)
        if is_alone(parsed):
            shared = share_suspicion(self.alone.log_odds(features), np.zeros(count, np.int64))
            return Scored(parsed, wording, features, shared, self.alone)
        return Scored(parsed, wording, features, self.article.log_odds(features), self.article)

    def line_scores(self, scored: Scored) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the indices of lines that are not blank, and their probabilities."""
        lines, index = np.unique(scored.parsed.segments.lines, return_inverse=True)
        highest = np.full(len(lines), -np.inf)
        np.maximum.at(highest, index, scored.log_odds)
        return lines, probability(highest)

    def classify(self, article: Article, threshold: float | None = None) -> Report:
        """Judge one article; lines with a score of at least `threshold` (the model's own if None) are flagged.

        Raises
        ------
        ValueError
            If `threshold` does not lie between 0 and 1.
        """
        limit = self.manifest.threshold if threshold is None else threshold
        if not 0 <= limit <= 1:
            raise ValueError(f"threshold must lie between 0 and 1, got {limit}")
        scored = self.score(article.text)
        lines, scores = self.line_scores(scored)
        verdicts = tuple(self._verdict(scored, int(lines[i]), float(scores[i])) for i in np.flatnonzero(scores >= limit))
        return Report(
            article=article,
            flagged=bool(verdicts),
            score=float(scores.max()) if len(scores) else 0.0,
            threshold=limit,
            line_count=len(scored.parsed.lines),
            verdicts=verdicts,
            clean_text=remove_spans(article.text, (span for verdict in verdicts for span in verdict.spans)),
            model=self.manifest.info,
        )

    def classify_many(self, articles: Iterable[Article], threshold: float | None = None) -> Iterator[Report]:
        """Judge articles one after another, in order; nothing is read ahead."""
        return (self.classify(article, threshold) for article in articles)

    def _verdict(self, scored: Scored, line: int, score: float) -> Verdict:
        members = np.flatnonzero(scored.parsed.segments.lines == line)
        chosen = find_spans(scored.parsed, members, scored.log_odds[members], self.span_floor)
        return Verdict(
            line=scored.parsed.lines[line],
            label=self._label(scored, chosen.segments),
            score=score,
            spans=chosen.spans,
            reasons=explain(scored.parsed, scored.wording, scored.features, scored.judge.trees, chosen.segments),
        )

    def _label(self, scored: Scored, segments: NDArray[np.int64]) -> str:
        grams = scored.parsed.grams
        inside = np.isin(grams.segments, segments)
        total = np.array([self.kind_weights[grams.buckets[inside]].sum()])
        return "promotion" if margin(total, np.array([float(inside.sum())]), self.kind_bias)[0] > 0 else "gambling"
