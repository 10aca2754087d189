"""The classifier as it serves: an article in, a report out."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.artifact import ArtifactError, Manifest, Tensors, read_artifact
from model.judged import Engine, Flagged
from model.kernel import Kernel
from model.lines import remove_spans
from model.parameters import Parameters
from model.reasons import explain
from model.reference import Reference, Scored
from model.registry import resolve
from model.types import Article, Line, ModelInfo, Report, Span, Verdict

DEFAULT_MODEL = Path(__file__).parent / "default"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Classifier:
    """A loaded model. It keeps no state between calls and may be shared by threads."""

    manifest: Manifest
    parameters: Parameters

    @classmethod
    def load(cls, directory: Path = DEFAULT_MODEL) -> Classifier:
        """Load a model directory, or the version in use of a registry (see `model.registry`).

        Raises
        ------
        ArtifactError
            If a file of it is missing, truncated, altered or does not fit the others.
        """
        return cls.from_tensors(*read_artifact(resolve(directory)), source=str(directory))

    @classmethod
    def from_tensors(cls, manifest: Manifest, tensors: Tensors, source: str = "model") -> Classifier:
        """Build a classifier from what `read_artifact` returns."""
        try:
            return cls(manifest, Parameters.read(manifest, tensors))
        except (KeyError, TypeError, ValueError) as error:
            raise ArtifactError(f"{source}: manifest and weights do not fit: {error}") from error

    @cached_property
    def engine(self) -> Engine:
        """The compiled engine where there is one, else the one in NumPy, which says the same."""
        try:
            return Kernel(self.parameters)
        except OSError as error:
            _log.warning("texts are judged by the slower engine: %s", error)
            return Reference(self.parameters)

    @cached_property
    def _info(self) -> ModelInfo:
        return self.manifest.info

    def score(self, text: str) -> Scored:
        """Score every segment of `text` with all that the scores depend on. This is for looking into; `classify` is faster."""
        return Reference(self.parameters).score(text)

    def line_scores(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Return the numbers (from 1) of the lines that hold words, and their probabilities."""
        return self.engine.line_scores(text)

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
        text = article.text
        judged = self.engine.judge(text, limit, article.utf8)
        verdicts = tuple([_verdict(flagged, text) for flagged in judged.flagged])
        spans, lines = [verdict.spans[0] for verdict in verdicts], [verdict.line for verdict in verdicts]
        return Report(
            article=article,
            flagged=bool(verdicts),
            score=judged.score,
            threshold=limit,
            line_count=judged.line_count,
            verdicts=verdicts,
            clean_text=remove_spans(text, spans, lines) if verdicts else text,
            model=self._info,
        )

    def classify_many(self, articles: Iterable[Article], threshold: float | None = None) -> Iterator[Report]:
        """Judge articles one after another, in order; nothing is read ahead."""
        return (self.classify(article, threshold) for article in articles)


def _verdict(flagged: Flagged, text: str) -> Verdict:
    number, start, end, span_start, span_end, promotes, score, evidence = flagged
    injected = text[span_start:span_end]
    bare = injected.strip()
    if len(bare) < len(injected):
        span_start += len(injected) - len(injected.lstrip())
    return Verdict(
        Line(number, start, end, text[start:end]),
        "promotion" if promotes else "gambling",
        score,
        (Span(span_start, span_start + len(bare)),),
        explain(evidence, text),
    )
