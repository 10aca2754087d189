"""Fitting the first stage: weights of hashed n-grams, from labelled stretches of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from model.parse import Parsed
from model.wording import LARGEST, LARGEST_KIND, quantise
from training.blocks import Block, parse_blocks
from training.data import CLEAN, LabelledArticle
from training.linear import fit_linear
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
class Weights:
    """A linear model as it will serve: ``steps`` of ``scale`` a bucket, shape (2 ** bits,), and the log odds of no text at all."""

    steps: NDArray[np.int16]
    scale: float
    bias: float


@dataclass(frozen=True)
class FittedWording:
    """``injected`` gives log odds of spam, ``topic`` those of text about gambling, ``kinds`` those of promotion among spam."""

    injected: Weights
    topic: Weights
    kinds: Weights
    known: NDArray[np.bool_]


def segment_labels(article: LabelledArticle, parsed: Parsed) -> list[str]:
    """Return the label of each segment: that of the span that covers at least half of it."""
    return _labels(article, parsed, range(len(parsed.segments)), 0)


def _labels(article: LabelledArticle, parsed: Parsed, members: Iterable[int], base: int) -> list[str]:
    """Label some segments of a text in which the article starts at `base`."""
    offsets, segments = parsed.folded.offsets, parsed.segments
    labels = []
    for segment in members:
        low, high = int(offsets[segments.starts[segment]]) - base, int(offsets[segments.ends[segment]]) - base
        label = CLEAN
        for span in article.spans:
            if 2 * (min(high, span.end) - max(low, span.start)) >= high - low:
                label = span.label
        labels.append(label)
    return labels


class _Rows:
    """Rows as they come; `finish` puts them in the order of their articles."""

    def __init__(self, articles: Sequence[LabelledArticle], bits: int) -> None:
        self.articles, self.bits = articles, bits
        self.indices: list[NDArray[np.uint32]] = []
        self.labels: list[str] = []
        self.gambling: list[bool] = []
        self.source: list[int] = []
        self.words: list[NDArray[np.uint64]] = [np.empty(0, np.uint64)] * len(articles)

    def add(self, block: Block) -> None:
        parsed = block.parsed
        order = np.argsort(parsed.grams.segments, kind="stable")
        buckets = parsed.grams.buckets[order]
        edges = np.searchsorted(parsed.grams.segments[order], np.arange(len(parsed.segments) + 1)).tolist()
        ends = np.searchsorted(parsed.words.segments, np.arange(len(parsed.segments) + 1)).tolist()
        by_line: dict[int, list[int]] = {}
        for segment, line in enumerate(parsed.segments.lines.tolist()):
            by_line.setdefault(line, []).append(segment)
        parts = (
            [by_line]
            if len(block.members) == 1
            else [{line: by_line[line]} if line in by_line else {} for line in range(len(block.members))]
        )
        for index, part in zip(block.members, parts, strict=True):
            if not part:
                continue
            base = 0 if len(block.members) == 1 else parsed.lines[next(iter(part))].start
            own = [segment for members in part.values() for segment in members]
            self.words[index] = parsed.words.hashes[ends[own[0]] : ends[own[-1] + 1]]
            labels = dict(zip(own, _labels(self.articles[index], parsed, own, base), strict=True))
            for segment in own:
                self._append(index, buckets[edges[segment] : edges[segment + 1]], labels[segment], _segment_text(parsed, segment, segment))
            for members in part.values():
                kinds = {labels[segment] for segment in members}
                if len(members) > 1 and len(kinds) == 1:
                    whole = buckets[edges[members[0]] : edges[members[-1] + 1]]
                    self._append(index, whole, kinds.pop(), _segment_text(parsed, members[0], members[-1]))

    def _append(self, index: int, buckets: NDArray[np.uint32], label: str, text: str) -> None:
        self.indices.append(buckets)
        self.labels.append(label)
        self.gambling.append(is_about_gambling(text, label))
        self.source.append(index)

    def finish(self) -> Rows:
        order = np.argsort(self.source, kind="stable")
        source = np.array(self.source, np.int64)[order]
        matrix = _matrix([self.indices[i] for i in order], self.bits)
        weight = np.array([article.weight for article in self.articles])[source]
        return Rows(matrix, np.array(self.labels)[order], np.array(self.gambling)[order], weight, source, tuple(self.words))


def build_rows(articles: Sequence[LabelledArticle], bits: int) -> Rows:
    """Parse `articles` into rows, in their order."""
    rows = _Rows(articles, bits)
    for block in parse_blocks([article.text for article in articles], bits):
        rows.add(block)
    return rows.finish()


def join_rows(first: Rows, second: Rows) -> Rows:
    """Return the rows of both; the sources of the second come after those of the first."""
    return Rows(
        sp.vstack((first.matrix, second.matrix), "csr"),
        np.concatenate((first.labels, second.labels)),
        np.concatenate((first.gambling, second.gambling)),
        np.concatenate((first.weight, second.weight)),
        np.concatenate((first.source, second.source + len(first.words))),
        first.words + second.words,
    )


def _segment_text(parsed: Parsed, first: int, last: int) -> str:
    return parsed.folded.text[parsed.segments.starts[first] : parsed.segments.ends[last]]


def _matrix(indices: Sequence[NDArray[np.uint32]], bits: int) -> sp.csr_matrix:
    lengths = np.array([len(row) for row in indices], np.int64)
    values = np.repeat((1.0 / np.sqrt(np.maximum(lengths, 1))).astype(np.float32), lengths)
    columns = np.concatenate(indices).view(np.int32)  # no bucket reaches 2 ** 31
    matrix = sp.csr_matrix((values, columns, np.concatenate(([0], np.cumsum(lengths)))), shape=(len(indices), 2**bits))
    matrix.sum_duplicates()
    return matrix


def fit_wording(rows: Rows, chosen: NDArray[np.bool_], c: float, seed: int) -> FittedWording:
    """Fit on the rows of the chosen sources (a mask over articles)."""
    picked = chosen[rows.source]
    # A copy of all rows would take as much memory again.
    matrix = rows.matrix if picked.all() else rows.matrix[picked]
    labels, weight = rows.labels[picked], rows.weight[picked]
    spam = labels != CLEAN
    injected = fit_linear(matrix, spam, weight, c, seed)
    topic = fit_linear(matrix, rows.gambling[picked], weight, c, seed)
    kinds = fit_linear(matrix[spam], labels[spam] == "promotion", weight[spam], c, seed, balanced=True)
    known = np.zeros(2**VOCABULARY_BITS, np.bool_)
    clean = np.zeros(len(chosen), np.bool_)
    clean[np.unique(rows.source[picked & (rows.labels == CLEAN)])] = True
    for index in np.flatnonzero(clean):
        known[(rows.words[index] % np.uint64(len(known))).astype(np.int64)] = True
    # Rounded here already, so that what builds on the scores sees those that the model will give.
    return FittedWording(_round(*injected), _round(*topic), _round(*kinds, LARGEST_KIND), known)


def _round(weights: NDArray[np.float32], bias: float, largest: int = LARGEST) -> Weights:
    return Weights(*quantise(weights, largest), bias)


def labels_of(articles: Iterable[LabelledArticle]) -> NDArray[np.str_]:
    return np.array([article.label for article in articles])
