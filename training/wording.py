"""Fitting the first stage: weights of hashed n-grams, from labelled stretches of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from model.parse import Parsed, parse
from training.data import CLEAN, LabelledArticle
from training.topic import is_about_gambling

VOCABULARY_BITS = 18


@dataclass(frozen=True)
class Rows:
    """Stretches of text as rows of a matrix: every segment, and every line of more than one.

    ``matrix`` has shape (n_rows, 2 ** bits) with rows of unit length, ``labels`` holds label names, ``gambling`` whether a row
    is about gambling, ``weight`` what it counts for, ``source`` the index of the article that it is from, and ``words`` the
    hashes of the words of each source.
    """

    matrix: sp.csr_matrix
    labels: NDArray[np.str_]
    gambling: NDArray[np.bool_]
    weight: NDArray[np.float64]
    source: NDArray[np.int64]
    words: tuple[NDArray[np.uint64], ...]


@dataclass(frozen=True)
class FittedWording:
    """``weights`` (float32, 2 ** bits) and ``bias`` give log odds of spam, ``topic`` those of text about gambling, ``kinds``
    those of promotion among spam."""

    weights: NDArray[np.float32]
    bias: float
    topic: NDArray[np.float32]
    topic_bias: float
    kinds: NDArray[np.float32]
    kinds_bias: float
    known: NDArray[np.bool_]


def segment_labels(article: LabelledArticle, parsed: Parsed) -> list[str]:
    """Return the label of each segment: that of the span that covers at least half of it."""
    offsets = parsed.folded.offsets
    labels = []
    for start, end in zip(parsed.segments.starts, parsed.segments.ends, strict=True):
        low, high = int(offsets[start]), int(offsets[end])
        label = CLEAN
        for span in article.spans:
            if 2 * (min(high, span.end) - max(low, span.start)) >= high - low:
                label = span.label
        labels.append(label)
    return labels


def build_rows(articles: Sequence[LabelledArticle], bits: int) -> Rows:
    """Parse `articles` into rows."""
    indices: list[NDArray[np.uint32]] = []
    labels: list[str] = []
    gambling: list[bool] = []
    source: list[int] = []
    words: list[NDArray[np.uint64]] = []
    for index, article in enumerate(articles):
        parsed = parse(article.text, bits)
        words.append(parsed.words.hashes)
        order = np.argsort(parsed.grams.segments, kind="stable")
        buckets = parsed.grams.buckets[order]
        edges = np.searchsorted(parsed.grams.segments[order], np.arange(len(parsed.segments) + 1))
        segment_label = segment_labels(article, parsed)
        by_line: dict[int, list[int]] = {}
        for segment, line in enumerate(parsed.segments.lines.tolist()):
            by_line.setdefault(line, []).append(segment)
            indices.append(buckets[edges[segment] : edges[segment + 1]])
            labels.append(segment_label[segment])
            gambling.append(is_about_gambling(_segment_text(parsed, segment, segment), segment_label[segment]))
            source.append(index)
        for members in by_line.values():
            kinds = {segment_label[segment] for segment in members}
            if len(members) > 1 and len(kinds) == 1:
                indices.append(buckets[edges[members[0]] : edges[members[-1] + 1]])
                labels.append(kinds.pop())
                gambling.append(is_about_gambling(_segment_text(parsed, members[0], members[-1]), labels[-1]))
                source.append(index)
    weight = np.array([articles[index].weight for index in source])
    return Rows(_matrix(indices, bits), np.array(labels), np.array(gambling), weight, np.array(source, np.int64), tuple(words))


def _segment_text(parsed: Parsed, first: int, last: int) -> str:
    return parsed.folded.text[parsed.segments.starts[first] : parsed.segments.ends[last]]


def _matrix(indices: Sequence[NDArray[np.uint32]], bits: int) -> sp.csr_matrix:
    lengths = np.array([len(row) for row in indices], np.int64)
    values = np.repeat(1.0 / np.sqrt(np.maximum(lengths, 1)), lengths).astype(np.float32)
    matrix = sp.csr_matrix(
        (values, np.concatenate(indices).astype(np.int32), np.concatenate(([0], np.cumsum(lengths)))), shape=(len(indices), 2**bits)
    )
    matrix.sum_duplicates()
    return matrix


def fit_wording(rows: Rows, chosen: NDArray[np.bool_], c: float, seed: int) -> FittedWording:
    """Fit on the rows of the chosen sources (a mask over articles)."""
    picked = chosen[rows.source]
    matrix, labels, weight = rows.matrix[picked], rows.labels[picked], rows.weight[picked]
    spam = labels != CLEAN
    detector = LogisticRegression(C=c, solver="liblinear", random_state=seed, tol=1e-3)
    detector.fit(matrix, spam, weight)
    topic = LogisticRegression(C=c, solver="liblinear", random_state=seed, tol=1e-3)
    topic.fit(matrix, rows.gambling[picked], weight)
    sorter = LogisticRegression(C=c, solver="liblinear", random_state=seed, class_weight="balanced", tol=1e-3)
    sorter.fit(matrix[spam], labels[spam] == "promotion", weight[spam])
    known = np.zeros(2**VOCABULARY_BITS, np.bool_)
    clean = np.zeros(len(chosen), np.bool_)
    clean[np.unique(rows.source[picked & (rows.labels == CLEAN)])] = True
    for index in np.flatnonzero(clean):
        known[(rows.words[index] % np.uint64(len(known))).astype(np.int64)] = True
    return FittedWording(
        detector.coef_[0].astype(np.float32),
        float(detector.intercept_[0]),
        topic.coef_[0].astype(np.float32),
        float(topic.intercept_[0]),
        sorter.coef_[0].astype(np.float32),
        float(sorter.intercept_[0]),
        known,
    )


def labels_of(articles: Iterable[LabelledArticle]) -> NDArray[np.str_]:
    return np.array([article.label for article in articles])
