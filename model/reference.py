"""The scoring of a text in NumPy: slower than `model.kernel`, which must say the same, and readable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.evidence import choose, point
from model.features import compute_features
from model.judge import Judge, probability, share_suspicion
from model.judged import GROUP_OF, GROUPS, Flagged, Judged
from model.parameters import Parameters
from model.parse import Parsed, is_alone, parse
from model.spans import find_spans
from model.wording import Wording, margin, score_wording


@dataclass(frozen=True)
class Scored:
    """A parsed text with the features of its segments and the log odds that ``judge`` gave them."""

    parsed: Parsed
    wording: Wording
    features: NDArray[np.float32]
    log_odds: NDArray[np.float64]
    judge: Judge

    def line_scores(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the indices of the lines that hold words, and their probabilities."""
        lines, index = np.unique(self.parsed.segments.lines, return_inverse=True)
        highest = np.full(len(lines), -np.inf)
        np.maximum.at(highest, index, self.log_odds)
        return lines, probability(highest)


@dataclass(frozen=True)
class Reference:
    """An engine (see `model.judged.Engine`)."""

    parameters: Parameters

    def score(self, text: str) -> Scored:
        """Score every segment of `text`."""
        p = self.parameters
        parsed = parse(text, p.bits)
        count = len(parsed.segments)
        injected, about = p.unpacked
        wording = score_wording(parsed, injected, p.bias, p.scale)
        topic = score_wording(parsed, about, p.topic_bias, p.topic_scale)
        features = compute_features(parsed, wording, topic, p.known)
        if is_alone(parsed):
            shared = share_suspicion(p.alone.log_odds(features), np.zeros(count, np.int64))
            return Scored(parsed, wording, features, shared, p.alone)
        return Scored(parsed, wording, features, p.article.log_odds(features), p.article)

    def judge(self, text: str, threshold: float, utf8: bytes | None = None) -> Judged:  # noqa: ARG002 - for the other engine
        scored = self.score(text)
        lines, scores = scored.line_scores()
        flagged = tuple(self._flag(scored, int(lines[i]), float(scores[i])) for i in np.flatnonzero(scores >= threshold))
        highest = float(scores.max()) if len(scores) else 0.0
        return Judged(len(scored.parsed.lines), highest, flagged)

    def line_scores(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        lines, scores = self.score(text).line_scores()
        return (lines + 1).astype(np.int32), scores

    def _flag(self, scored: Scored, index: int, score: float) -> Flagged:
        parsed = scored.parsed
        first, last = np.searchsorted(parsed.segments.lines, (index, index + 1))
        chosen = find_spans(parsed, np.arange(first, last), scored.log_odds[first:last], self.parameters.span_floor)
        shares = np.zeros(len(GROUPS))
        for segment in chosen.segments:
            np.add.at(shares, GROUP_OF, scored.judge.trees.explain(scored.features[segment]))
        line = parsed.lines[index]
        pointers = point(parsed, scored.wording, chosen.segments)
        return Flagged(
            line.number,
            line.start,
            line.end,
            *chosen.span,
            self._promotes(parsed, chosen.segments),
            score,
            choose(shares.tolist(), pointers, len(parsed.lines)),
        )

    def _promotes(self, parsed: Parsed, segments: NDArray[np.int64]) -> bool:
        grams = parsed.grams
        inside = (grams.segments >= segments[0]) & (grams.segments <= segments[-1])
        total = np.array([self.parameters.kind_weights[grams.buckets[inside]].sum(dtype=np.int64) * self.parameters.kind_scale])
        return bool(margin(total, np.array([float(inside.sum())]), self.parameters.kind_bias)[0] > 0)
