"""The classifier as a scikit-learn estimator: labelled articles in, a fitted classifier out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils.validation import check_is_fitted

from model.artifact import Manifest, Tensors
from model.classifier import Classifier
from model.features import NAMES, compute_features
from model.judge import Judge, probability, share_suspicion
from model.parse import parse
from model.types import Article
from model.wording import pack, score_wording
from training.brands import brand, cased
from training.compose import COMPOSED, Mixture, compose, hide_brand, join_paragraphs, strip_signs, vary_spam
from training.data import CLEAN, LABELS, LINE_KINDS, LabelledArticle, LabelledSpan
from training.judge import Shape, calibrate, choose_threshold, fit_trees
from training.progress import Step, steps
from training.sampling import draw_sample
from training.wording import FittedWording, build_rows, fit_wording, join_rows, labels_of, segment_labels

SPAM_SHARE = 0.1  # what share of lines the probabilities take to be spam before they see them
SPAN_FLOOR = -1.0  # log odds from which on a segment of a flagged line belongs to the injected span
STRIPPED = 0.3  # share of comments of which a twin without capitals and punctuation is made, as many data sets keep them
BLIND_ALONE = ("unknown_words", "known_words")  # a lone line may be in any language; unknown words say nothing of it
PREPARING = 10  # what preparing a row of the sample costs, where it costs 1 for any other
SHORT_LINE = 90  # characters; honest lines up to this length are put between the paragraphs of composed articles


@dataclass(frozen=True)
class OutOfFold:
    """Lines that were scored by models that never saw their group.

    ``scores`` are probabilities, ``labels`` and ``langs`` and ``kinds`` say what a line is, ``articles`` which article it is
    from, all of shape (n_lines,); ``texts`` are the lines.
    """

    scores: NDArray[np.float64]
    labels: NDArray[np.str_]
    langs: NDArray[np.str_]
    kinds: NDArray[np.str_]
    articles: NDArray[np.str_]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class _Table:
    """Segments of articles: features, whether each is spam, and the line it belongs to."""

    features: NDArray[np.float64]
    spam: NDArray[np.bool_]
    fold: NDArray[np.int64]
    line: NDArray[np.int64]
    line_labels: list[str]
    line_articles: list[LabelledArticle]
    line_texts: list[str]


@dataclass(frozen=True)
class Prepared:
    """The first stage, and the table that the judges of the second learn from."""

    table: _Table
    wording: FittedWording


class InjectionClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Finds injected lines in articles.

    Parameters
    ----------
    bits : int
        Size of the table of n-gram weights, ``2 ** bits``.
    c : float
        Inverse strength of regularisation of the wording stage.
    folds : int
        How many parts the groups are split into; every score that a later step learns from comes from a model that
        did not see the line's group.
    false_alarms : float
        The share of clean lines of whole articles that may be flagged out of fold; it sets the threshold.
    copies : int
        How many composed articles are made of every clean one.
    variants : int
        How many variants of every spam line, with other brands and disguises, the wording stage sees.
    names : int
        How many made-up names of gambling sites the wording stage sees beside the data.
    hidden : float
        For what share of the clean comments a twin with a brand slipped in is made.
    trees : int
        How many trees each judge of the second stage has.
    most : int
        Of more rows than this, a sample serves everything but the weights of n-grams: the models that score lines out of fold,
        variants, composed articles, judges, calibration and threshold. Every row still counts for the weights.
    without : tuple of str
        Features of the second stage that are left out, to see what they bring.
    random_state : int
    verbose : bool
        Whether to show progress, if standard error is a terminal.

    Attributes
    ----------
    classes_ : ndarray of str
        ``clean``, ``gambling`` and ``promotion``.
    classifier_ : model.Classifier
    out_of_fold_ : OutOfFold
    threshold_ : float
    tensors_ : dict of ndarray
    parameters_ : dict
    """

    def __init__(
        self,
        *,
        bits: int = 18,
        c: float = 10.0,
        folds: int = 5,
        false_alarms: float = 0.004,
        copies: int = 8,
        variants: int = 2,
        names: int = 200,
        hidden: float = 0.8,
        trees: int = 120,
        most: int = 30_000,
        without: tuple[str, ...] = (),
        random_state: int = 0,
        verbose: bool = False,
    ) -> None:
        self.bits = bits
        self.c = c
        self.folds = folds
        self.false_alarms = false_alarms
        self.copies = copies
        self.variants = variants
        self.names = names
        self.hidden = hidden
        self.trees = trees
        self.most = most
        self.without = without
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: Sequence[LabelledArticle | str], y: Sequence[str] | None = None) -> InjectionClassifier:  # noqa: N803
        """Fit on labelled articles, or on texts `X` with one label each in `y`.

        Raises
        ------
        ValueError
            If there are fewer groups than folds, or a class is missing.
        """
        return self.fit_prepared(self.prepare(_as_articles(X, y)))

    def prepare(self, articles: Sequence[LabelledArticle]) -> Prepared:
        """Do everything that comes before the judges: the first stage, and what it says of lines that it was not fitted on."""
        self._validate(articles)
        articles, others = draw_sample(articles, self.most)
        with steps("n-grams", len(articles) * PREPARING + len(others), shown=self.verbose) as step:
            groups = np.array([article.group or article.id for article in articles])
            labels = labels_of(articles)
            splitter = StratifiedGroupKFold(self.folds, shuffle=True, random_state=self.random_state)
            fold = np.zeros(len(articles), np.int64)
            for number, (_, held) in enumerate(splitter.split(labels, labels, groups)):
                fold[held] = number
            step("reading", len(articles))
            varied, varied_from = self._vary(articles)
            names = self._names(self.names, "names")
            rows = build_rows([*articles, *varied, *names], self.bits)
            row_fold = np.concatenate((fold, fold[varied_from], np.full(len(names), -1)))
            tables = []
            for number in range(self.folds):
                step(f"fold {number + 1} of {self.folds}", len(articles) * (PREPARING - 2) / self.folds)
                wording = fit_wording(rows, row_fold != number, self.c, self.random_state)
                held = [article for article, home in zip(articles, fold, strict=True) if home == number]
                tables.append(self._table(self._compose(held, number), wording, number))
            step("all rows", len(articles) + len(others))
            if others:
                rows = join_rows(rows, build_rows(others, self.bits))
            return Prepared(_join(tables), fit_wording(rows, np.ones(len(rows.words), np.bool_), self.c, self.random_state))

    def fit_prepared(self, prepared: Prepared) -> InjectionClassifier:
        """Fit the judges, without the features in ``without``; what `prepare` returned serves several such fits."""
        table = replace(prepared.table, features=prepared.table.features.copy())
        table.features[:, [NAMES.index(name) for name in self.without]] = 0.0
        with steps("judges", 2 * (self.folds + 1), shown=self.verbose) as step:
            return self._fit_judges(table, prepared.wording, step)

    def predict_proba(self, X: Sequence[LabelledArticle | str]) -> NDArray[np.float64]:  # noqa: N803
        """Return, for every text, the probabilities of `classes_` for its most suspicious line, shape (n_texts, 3)."""
        check_is_fitted(self, "classifier_")
        result = np.zeros((len(X), len(LABELS)))
        for row, text in enumerate(X):
            report = self.classifier_.classify(_plain(text), threshold=0.0)
            worst = max(report.verdicts, key=lambda verdict: verdict.score, default=None)
            result[row, 0] = 1.0 - report.score
            if worst is not None:
                result[row, LABELS.index(worst.label)] = report.score
        return result

    def predict(self, X: Sequence[LabelledArticle | str]) -> NDArray[np.str_]:  # noqa: N803
        """Return the label of every text: that of its most suspicious line, if it reaches the threshold."""
        probabilities = self.predict_proba(X)
        spam = probabilities[:, 1:].max(axis=1) >= self.classifier_.manifest.threshold
        return np.where(spam, self.classes_[1:][probabilities[:, 1:].argmax(axis=1)], CLEAN)

    def _validate(self, articles: Sequence[LabelledArticle]) -> None:
        if not 8 <= self.bits <= 24:
            raise ValueError(f"bits must lie between 8 and 24, got {self.bits}")
        present = {span.label for article in articles for span in article.spans}
        missing = [label for label in LABELS[1:] if label not in present]
        if missing or not any(article.is_clean for article in articles):
            raise ValueError(f"training needs rows of every class; there is none of {', '.join(missing or [CLEAN])}")
        groups = {article.group or article.id for article in articles}
        if len(groups) < self.folds:
            raise ValueError(f"{len(groups)} groups cannot be split into {self.folds} folds")

    def _vary(self, articles: Sequence[LabelledArticle]) -> tuple[list[LabelledArticle], list[int]]:
        random = Random(self.random_state)
        mixture = Mixture(rebranded=0.9, disguised=0.5)
        varied, source = [], []
        for index, article in enumerate(articles):
            if article.kind == "comment" and article.is_clean and random.random() < self.hidden:
                varied.append(_line(article, hide_brand(article.text, random), "gambling"))
                source.append(index)
            if not article.is_line or article.is_clean:
                continue
            for text in {vary_spam(article.text, random, mixture) for _ in range(self.variants)} - {article.text}:
                varied.append(_line(article, text))
                source.append(index)
        order = sorted(range(len(varied)), key=lambda i: (source[i], varied[i].text))
        return [varied[i] for i in order], [source[i] for i in order]

    def _names(self, count: int, salt: str) -> list[LabelledArticle]:
        """Return made-up names as lines: such lines are too short to learn their grammar from the data alone."""
        random = Random(f"{self.random_state} {salt}")
        names = sorted({cased(brand(random), random) for _ in range(count)})
        return [
            LabelledArticle(f"{salt}-{i}", name, (LabelledSpan(0, len(name), "gambling"),), "id", "line", salt)
            for i, name in enumerate(names)
        ]

    def _compose(self, articles: Sequence[LabelledArticle], number: int) -> list[LabelledArticle]:
        random = Random(self.random_state * 1000 + number)
        lines = [article for article in articles if article.is_line]
        spam = [line for line in lines if not line.is_clean]
        # Nobody finds a comment between the paragraphs of an article, unless somebody put it there.
        honest = [line for line in lines if line.is_clean and line.kind == "line" and len(line.text) <= SHORT_LINE and line.lang == "id"]
        whole = [article for article in articles if not article.is_line and article.is_clean]
        spam.extend(self._names(len(spam) // 12, f"fold {number}"))
        comments = [line for line in lines if line.kind == "comment" and line.is_clean and random.random() < self.hidden]
        spam.extend(_line(line, hide_brand(line.text, random), "gambling") for line in comments)
        varied = [_line(line, vary_spam(line.text, random, Mixture())) for line in spam]
        joined = join_paragraphs([line for line in lines if line.kind != "comment"], random)
        stripped = [_line(line, strip_signs(line.text)) for line in lines if line.kind == "comment" and random.random() < STRIPPED]
        return [*articles, *varied, *joined, *stripped, *compose(whole, spam, honest, random, Mixture(copies=self.copies))]

    def _table(self, articles: Sequence[LabelledArticle], wording: FittedWording, fold: int) -> _Table:
        features, spam, line, line_labels, line_articles, line_texts = [], [], [], [], [], []
        for article in articles:
            parsed = parse(article.text, self.bits)
            if not len(parsed.segments):
                continue
            scored, topic = (score_wording(parsed, w.steps, w.bias, w.scale) for w in (wording.injected, wording.topic))
            features.append(compute_features(parsed, scored, topic, wording.known))
            labels = segment_labels(article, parsed)
            spam.append(np.array([label != CLEAN for label in labels]))
            numbers, index = np.unique(parsed.segments.lines, return_inverse=True)
            line_texts.extend(parsed.lines[number].text for number in numbers)
            line.append(index + len(line_labels))
            of_line = [CLEAN] * (int(index.max()) + 1)
            for position, label in zip(index, labels, strict=True):
                if label != CLEAN:
                    of_line[position] = label
            line_labels.extend(of_line)
            line_articles.extend([article] * len(of_line))
        joined = np.concatenate(spam)
        return _Table(
            np.concatenate(features), joined, np.full(len(joined), fold), np.concatenate(line), line_labels, line_articles, line_texts
        )

    def _fit_judges(self, table: _Table, wording: FittedWording, step: Step) -> InjectionClassifier:
        lone = np.array([article.is_line for article in table.line_articles])
        scores = np.zeros(len(lone))
        judges = {}
        for name, part in (("article", ~lone), ("alone", lone)):
            judges[name], scores[part] = self._fit_judge(table, part, step, alone=name == "alone")
        labels = np.array(table.line_labels)
        self.out_of_fold_ = OutOfFold(
            scores,
            labels,
            np.array([article.lang for article in table.line_articles]),
            np.array([article.kind for article in table.line_articles]),
            np.array([article.id for article in table.line_articles]),
            tuple(table.line_texts),
        )
        # Labelled lines by themselves are near misses, chosen to be hard; what users see is the lines of whole articles.
        usual = ~np.isin(self.out_of_fold_.kinds, (*LINE_KINDS, COMPOSED)) & (labels == CLEAN)
        # The copies of a line count as one.
        _, which, copies = np.unique(np.array(table.line_texts)[usual], return_inverse=True, return_counts=True)
        self.threshold_ = choose_threshold(scores[usual], 1.0 / copies[which], self.false_alarms)
        self.classes_ = np.array(LABELS)
        self.tensors_: Tensors = {
            "weights": pack(wording.injected.steps, wording.topic.steps),
            "kind_weights": wording.kinds.steps.astype(np.int8),
            "known": np.packbits(wording.known),
            **judges["article"].to_tensors("article"),
            **judges["alone"].to_tensors("alone"),
        }
        self.parameters_: dict[str, Any] = {
            "bits": self.bits,
            "scale": wording.injected.scale,
            "topic_scale": wording.topic.scale,
            "kind_scale": wording.kinds.scale,
            "bias": wording.injected.bias,
            "topic_bias": wording.topic.bias,
            "kind_bias": wording.kinds.bias,
            "article": judges["article"].to_parameters(),
            "alone": judges["alone"].to_parameters(),
            "span_floor": SPAN_FLOOR,
            "features": list(NAMES),
        }
        self.classifier_ = Classifier.from_tensors(self._draft_manifest(), self.tensors_)
        return self

    def _fit_judge(self, table: _Table, lines: NDArray[np.bool_], step: Step, *, alone: bool) -> tuple[Judge, NDArray[np.float64]]:
        """Fit a judge on the segments of some of the lines; return it with the lines' out-of-fold probabilities."""
        chosen = lines[table.line]
        features, spam, fold, line = table.features[chosen], table.spam[chosen], table.fold[chosen], table.line[chosen]
        weight = np.array([article.weight for article in table.line_articles])[line]
        if alone:
            features[:, [NAMES.index(name) for name in BLIND_ALONE]] = 0.0
        raw = np.zeros(len(spam))
        for number in range(self.folds):
            held = fold == number
            step(f"{'lone lines' if alone else 'articles'}, fold {number + 1} of {self.folds}", 1)
            raw[held] = fit_trees(features[~held], spam[~held], weight[~held], Shape(self.trees), self.random_state).decide(features[held])
        if alone:
            raw = share_suspicion(raw, line)
        highest = np.full(len(lines), -np.inf)
        np.maximum.at(highest, line, raw)
        labels = np.array(table.line_labels)[lines]
        slope, intercept = calibrate(highest[lines], labels != CLEAN, SPAM_SHARE)
        step("lone lines" if alone else "articles", 1)
        judge = Judge(fit_trees(features, spam, weight, Shape(self.trees), self.random_state), slope, intercept)
        return judge, probability(slope * highest[lines] + intercept)

    def _draft_manifest(self) -> Manifest:
        return Manifest("unpublished", "0", "", self.threshold_, 0, "", {}, {}, self.parameters_, {})


def _as_articles(texts: Sequence[LabelledArticle | str], labels: Sequence[str] | None) -> list[LabelledArticle]:
    if labels is None:
        if not all(isinstance(text, LabelledArticle) for text in texts):
            raise ValueError("fit needs labelled articles, or texts and their labels")
        return list(texts)  # type: ignore[arg-type]
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts and {len(labels)} labels")
    unknown = sorted(set(labels) - set(LABELS))
    if unknown:
        raise ValueError(f"label {unknown[0]!r} is none of {', '.join(LABELS)}")
    return [
        LabelledArticle(str(i), text, () if label == CLEAN else (LabelledSpan(0, len(text), label),), group=str(i))
        for i, (text, label) in enumerate(zip(map(_text, texts), labels, strict=True))
    ]


def _text(value: LabelledArticle | str) -> str:
    return value.text if isinstance(value, LabelledArticle) else value


def _plain(value: LabelledArticle | str) -> Article:
    return Article(_text(value))


def _line(article: LabelledArticle, text: str, label: str = "") -> LabelledArticle:
    """Return a line with another text, and with the label that it had if no other is given."""
    spans = (LabelledSpan(0, len(text), label or article.label),) if label or article.spans else ()
    return replace(article, id=article.id + "~", text=text, spans=spans)


def _join(tables: Sequence[_Table]) -> _Table:
    offsets = np.cumsum([0, *(len(table.line_labels) for table in tables)])
    return _Table(
        np.concatenate([table.features for table in tables]),
        np.concatenate([table.spam for table in tables]),
        np.concatenate([table.fold for table in tables]),
        np.concatenate([table.line + offset for table, offset in zip(tables, offsets, strict=False)]),
        [label for table in tables for label in table.line_labels],
        [article for table in tables for article in table.line_articles],
        [text for table in tables for text in table.line_texts],
    )
