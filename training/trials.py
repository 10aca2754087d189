"""What a model does with labelled articles that it was not fitted on: shares of lines, article by article."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.classifier import Classifier
from model.lines import split_lines
from model.types import Article
from training.compose import COMPOSED, Mixture, compose
from training.data import CLEAN, LABELS, LabelledArticle
from training.disguises import TRICKS
from training.progress import track

LETTERS = 4  # a word worth disguising has at least so many
ENOUGH = 30  # lines from which on a language is looked at by itself
NEWS = ("news", "gambling-news")
TIMED, ROUNDS = 1.0, 5  # seconds that models are timed for together, and how often each at least


@dataclass(frozen=True, slots=True)
class Trial:
    """Of each article, how many of its lines count (``of``) and how many of them were flagged (``hits``), shape (n_articles,)."""

    hits: NDArray[np.int64]
    of: NDArray[np.int64]

    @property
    def share(self) -> float:
        return float(self.hits.sum() / max(int(self.of.sum()), 1))


@dataclass(frozen=True)
class Lines:
    """Lines with what a model says of them: whether each is spam, and its score, shape (n_lines,)."""

    spam: NDArray[np.bool_]
    scores: NDArray[np.float64]


@dataclass(frozen=True)
class Trials:
    """What a model did: shares by name, and the lines of the frozen part that are not composed."""

    shares: dict[str, Trial]
    lines: Lines


@dataclass(frozen=True)
class _Judged:
    """One article's lines: which are spam, their scores, and which of them were flagged."""

    article: LabelledArticle
    spam: NDArray[np.bool_]
    scores: NDArray[np.float64]
    flagged: NDArray[np.bool_]


def run_trials(
    classifier: Classifier, frozen: Sequence[LabelledArticle], gold: Mapping[str, Sequence[LabelledArticle]], seed: int
) -> Trials:
    """Try a model on the frozen part (its lines, its articles, and its articles with its spam put in) and on gold files.

    The same seed makes the same articles, whatever the model.
    """
    cases = _frozen_cases(frozen, seed)
    judged = [_judge(classifier, article) for article in track(cases, "trying frozen articles")]
    trials = {
        "recall": _trial(judged, spam=True),
        "false alarms": _trial([row for row in judged if row.article.kind not in NEWS], spam=False),
        "false alarms, news": _trial([row for row in judged if row.article.kind in NEWS], spam=False),
    }
    slices = [("language", row.article.lang, row) for row in judged] + [("kind", row.article.kind, row) for row in judged]
    for what, value in sorted({(what, value) for what, value, _ in slices if value}):
        own = [row for family, name, row in slices if (family, name) == (what, value)]
        for name, spam in ((f"recall, {what} {value}", True), (f"false alarms, {what} {value}", False)):
            trial = _trial(own, spam=spam)
            if trial.of.sum() >= ENOUGH:
                trials[name] = trial
    for trick, hits in _found_by_trick(classifier, frozen, seed).items():
        trials[f"recall, trick {trick}"] = Trial(hits, np.ones(len(hits), np.int64))
    for file, articles in gold.items():
        rows = [_judge(classifier, article) for article in track(articles, f"trying {file}")]
        trials[f"recall, {file}"] = _trial(rows, spam=True)
        trials[f"false alarms, {file}"] = _trial(rows, spam=False)
    given = [row for row in judged if row.article.kind != COMPOSED]
    lines = Lines(np.concatenate([row.spam for row in given]), np.concatenate([row.scores for row in given]))
    return Trials({name: trial for name, trial in trials.items() if trial.of.sum()}, lines)


def seconds_per_megabyte(classifiers: Sequence[Classifier], frozen: Sequence[LabelledArticle]) -> list[float]:
    """Return the processor time in which each model scores texts: the least for each text, which they read in turns.

    Machines are noisy, and others use them too: what disturbs one model for a moment is gone at its next turn. Explaining what is
    flagged is left out, for a model that flags more is no slower.
    """
    least = np.full((len(classifiers), len(frozen)), np.inf)
    spent, rounds = 0.0, 0
    while spent < TIMED or rounds < ROUNDS:
        for number, row in enumerate(frozen):
            for index, classifier in enumerate(classifiers):
                start = time.process_time()
                classifier.line_scores(row.text)
                seconds = time.process_time() - start
                least[index, number] = min(least[index, number], seconds)
                spent += seconds
        rounds += 1
    size = sum(len(row.text.encode()) for row in frozen) / 1e6
    return [float(seconds) for seconds in least.sum(axis=1) / size]


def confusion(classifier: Classifier, frozen: Sequence[LabelledArticle]) -> dict[str, dict[str, int]]:
    """Count, for single lines of each label, what the model makes of them: ``{true: {predicted: lines}}``."""
    counts = {label: dict.fromkeys(LABELS, 0) for label in LABELS}
    for row in frozen:
        if row.is_line:
            report = classifier.classify(Article(row.text))
            counts[row.label][report.verdicts[0].label if report.verdicts else CLEAN] += 1
    return counts


def recall_by_trick(classifier: Classifier, frozen: Sequence[LabelledArticle], seed: int) -> dict[str, float]:
    """Return the share of injected lines found at the end of clean articles: plain ones, and with one word disguised.

    The word is the longest that holds a digit, or else the longest. The same lines stand in the same articles every time.
    """
    return {trick: float(found.mean()) if len(found) else 0.0 for trick, found in _found_by_trick(classifier, frozen, seed).items()}


def reliability(scores: NDArray[np.float64], spam: NDArray[np.bool_], weight: NDArray[np.float64], bins: int = 10) -> list[list[float]]:
    """Return ``[mean score, share of spam, share of lines]`` of every bin of the score that holds a line."""
    index = np.minimum((scores * bins).astype(int), bins - 1)
    total = np.bincount(index, weight, bins)
    mean, share = np.bincount(index, scores * weight, bins), np.bincount(index, spam * weight, bins)
    return [[round(float(v), 4) for v in (mean[i] / total[i], share[i] / total[i], total[i] / total.sum())] for i in np.flatnonzero(total)]


def _frozen_cases(frozen: Sequence[LabelledArticle], seed: int) -> list[LabelledArticle]:
    whole = [row for row in frozen if not row.is_line and row.is_clean]
    spam = [row for row in frozen if row.is_line and not row.is_clean]
    # Composed articles count for recall; their clean lines would count twice.
    composed = compose(whole, spam, (), Random(seed), Mixture(copies=6, rebranded=0.0, disguised=0.0, decorated=0.0)) if spam else []
    return [*frozen, *(article for article in composed if not article.is_clean)]


def _judge(classifier: Classifier, article: LabelledArticle) -> _Judged:
    lines = [line for line in split_lines(article.text) if line.text.strip()]
    found = dict(zip(*(values.tolist() for values in classifier.line_scores(article.text)), strict=True))
    spam = [any(span.start < line.end and span.end > line.start for span in article.spans) for line in lines]
    scores = np.array([found.get(line.number, 0.0) for line in lines], np.float64)
    return _Judged(article, np.array(spam, np.bool_), scores, scores >= classifier.manifest.threshold)


def _trial(judged: Sequence[_Judged], *, spam: bool) -> Trial:
    rows = judged if spam else [row for row in judged if row.article.kind != COMPOSED]
    of = [int((row.spam == spam).sum()) for row in rows]
    hits = [int((row.flagged & (row.spam == spam)).sum()) for row in rows]
    return Trial(np.array(hits, np.int64), np.array(of, np.int64))


def _found_by_trick(classifier: Classifier, frozen: Sequence[LabelledArticle], seed: int) -> dict[str, NDArray[np.int64]]:
    random = Random(seed)
    articles = [row.text for row in frozen if not row.is_line and row.is_clean and row.lang == "id"]
    spam = [row.text for row in frozen if row.is_line and row.label == "gambling" and row.kind == "line" and row.lang == "id"]
    pairs = [(random.choice(articles), line) for line in spam if _plain_word(line)] if articles else []
    found = {"none": _found(classifier, pairs)}
    for name, trick in TRICKS.items():
        changed = [(article, line.replace(word := _plain_word(line), trick(word, random), 1)) for article, line in pairs]
        found[name] = _found(classifier, changed)
    return found


def _plain_word(line: str) -> str:
    words = [word for word in line.split() if word.isascii() and word.isalnum() and sum(map(str.isalpha, word)) >= LETTERS]
    return max(words, key=lambda word: (any(map(str.isdigit, word)), len(word)), default="")


def _found(classifier: Classifier, pairs: Sequence[tuple[str, str]]) -> NDArray[np.int64]:
    """Tell of each article and the line put below it whether that line is flagged."""
    found = []
    for article, line in track(pairs, "trying disguises"):
        numbers, scores = classifier.line_scores(f"{article}\n{line}")
        found.append(bool((scores[numbers > len(split_lines(article))] >= classifier.manifest.threshold).any()))
    return np.array(found, np.int64)
