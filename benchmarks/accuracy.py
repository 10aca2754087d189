"""Compare Saring with simpler methods trained on the same seeds, and with itself less one part after another.

usage: python benchmarks/accuracy.py [--gold DIR] [--ablation]

DIR holds labelled .jsonl files of articles with spans (../shared/eval by default). Every method is fitted on seeds/ alone
and gets the threshold at which it flags the same share of the clean lines of the seeds' articles out of fold.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline

from model import Article, ModelInfo, Report, Span, Verdict
from model.features import GROUPS
from model.lines import split_lines
from training.data import LabelledArticle, read_labelled
from training.estimator import InjectionClassifier
from training.frozen import split_frozen
from training.judge import choose_threshold
from training.measure import Evaluation

ROOT = Path(__file__).parent.parent
FALSE_ALARMS = InjectionClassifier().false_alarms
KEYWORDS = re.compile(
    r"\b(?:slot|gacor|maxwin|togel|toto|judi|casino|kasino|jackpot|sbobet|scatter|rtp|jp|wd|depo|poker|bandar|situs|cuan|viagra|cialis|pinjol)\b"
    r"|\b[a-z]{3,}(?:77|88|99|123|138|168|188|303|388|666|777|888|4d)\b",
    re.IGNORECASE,
)
Scores = Callable[[Sequence[str]], NDArray[np.float64]]


@dataclass(frozen=True)
class Lines:
    """Every line that is not blank, whether it is spam, its group, and whether it is a clean one of a whole article."""

    texts: list[str]
    spam: NDArray[np.bool_]
    groups: NDArray[np.str_]
    usual: NDArray[np.bool_]

    def threshold(self, scores: NDArray[np.float64]) -> float:
        usual = scores[self.usual]
        return choose_threshold(usual, np.ones(len(usual)), FALSE_ALARMS)


def lines_of(articles: Sequence[LabelledArticle]) -> Lines:
    texts, spam, groups, usual = [], [], [], []
    for article in articles:
        for line in split_lines(article.text):
            if line.text.strip():
                texts.append(line.text)
                spam.append(any(span.start < line.end and span.end > line.start for span in article.spans))
                groups.append(article.group)
                usual.append(not article.is_line and not spam[-1])
    return Lines(texts, np.array(spam), np.array(groups), np.array(usual))


def linear(**options: object) -> Pipeline:
    return make_pipeline(TfidfVectorizer(sublinear_tf=True, min_df=2, **options), LogisticRegression(C=10, max_iter=1000))


def fit_linear(pipeline: Pipeline, seeds: Sequence[LabelledArticle]) -> tuple[Scores, float]:
    data = lines_of(seeds)
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    held = cross_val_predict(pipeline, data.texts, data.spam, groups=data.groups, cv=folds, method="predict_proba")[:, 1]
    pipeline.fit(data.texts, data.spam)
    return lambda lines: np.asarray(pipeline.predict_proba(lines)[:, 1]), data.threshold(held)


def fit_fasttext(seeds: Sequence[LabelledArticle]) -> tuple[Scores, float] | None:
    try:
        import fasttext
    except ImportError:
        return None
    import tempfile

    data = lines_of(seeds)
    texts, spam, groups = data.texts, data.spam, data.groups

    def fit(rows: NDArray[np.int64]) -> Scores:
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            file.writelines(f"__label__{'spam' if spam[i] else 'clean'} {texts[i]}\n" for i in rows)
            file.flush()
            model = fasttext.train_supervised(file.name, dim=16, minn=2, maxn=5, wordNgrams=2, epoch=25, thread=1, verbose=0)
        return lambda lines: np.array([dict(zip(*model.predict(line, k=2), strict=True)).get("__label__spam", 0.0) for line in lines])

    held = np.zeros(len(texts))
    for train, test in StratifiedGroupKFold(5, shuffle=True, random_state=0).split(texts, spam, groups):
        held[test] = fit(train)([texts[i] for i in test])
    return fit(np.arange(len(texts))), data.threshold(held)


def judge_lines(score: Scores, threshold: float) -> Callable[[Article], Report]:
    """Judge an article line by line with a method that knows lines only; a flagged line is one span."""

    def judge(article: Article) -> Report:
        lines = [line for line in split_lines(article.text) if line.text.strip()]
        scores = score([line.text for line in lines]) if lines else np.zeros(0)
        verdicts = tuple(
            Verdict(line, "gambling", float(value), (Span(line.start, line.end),), ())
            for line, value in zip(lines, scores, strict=True)
            if value >= threshold
        )
        return Report(article, bool(verdicts), 0.0, threshold, len(lines), verdicts, "", ModelInfo("", ""))

    return judge


class Saring:
    """Saring, whole or less some features; the first stage is fitted once."""

    def __init__(self, seeds: Sequence[LabelledArticle]) -> None:
        self.prepared = InjectionClassifier().prepare(seeds)

    def without(self, names: Sequence[str]) -> Callable[[Article], Report]:
        return InjectionClassifier(without=tuple(names)).fit_prepared(self.prepared).classifier_.classify


def rows_of(gold: Sequence[LabelledArticle], judge: Callable[[Article], Report]) -> dict[str, dict[str, float | int | None]]:
    evaluation = Evaluation()
    for article in gold:
        evaluation.add(article, judge(Article(article.text)))
    return {kind: counts.figures() for (kind, lang), counts in evaluation.by_kind.items() if not lang}


def cell(value: float | None, pattern: str = "{:.3f}") -> str:
    return "-" if value is None else pattern.format(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=ROOT.parent / "shared" / "eval", metavar="DIR")
    parser.add_argument("--ablation", action="store_true", help="also fit Saring less one part after another")
    options = parser.parse_args()
    seeds, _ = split_frozen(read_labelled([ROOT / "seeds"]))
    gold = [article for path in sorted(options.gold.glob("*.jsonl")) for article in read_labelled([path])]
    methods: dict[str, Callable[[], Callable[[Article], Report] | None]] = {
        "keywords and brand-plus-number": lambda: judge_lines(
            lambda lines: np.array([float(bool(KEYWORDS.search(x))) for x in lines]), 0.5
        ),
        "word TF-IDF + logistic regression": lambda: judge_lines(*fit_linear(linear(ngram_range=(1, 2)), seeds)),
        "character TF-IDF + logistic regression": lambda: judge_lines(*fit_linear(linear(analyzer="char_wb", ngram_range=(2, 5)), seeds)),
        "fastText": lambda: judge_lines(*fitted) if (fitted := fit_fasttext(seeds)) else None,
    }
    saring = Saring(seeds)
    methods["Saring"] = lambda: saring.without(())
    if options.ablation:
        for part, names in GROUPS.items():
            methods[f"Saring without {part}"] = lambda names=names: saring.without(names)  # type: ignore[misc]
    print(f"{'method':40s}{'kind':16s}{'recall':>9s}{'inline':>9s}{'fp/1k':>9s}{'rows flagged':>14s}{'span R':>9s}{'span P':>9s}")
    for name, fit in methods.items():
        judge = fit()
        if judge is None:
            print(f"{name:40s}not installed")
            continue
        for kind, row in sorted(rows_of(gold, judge).items()):
            print(
                f"{name:40s}{kind:16s}{cell(row['recall']):>9s}{cell(row['inline_recall']):>9s}"
                f"{cell(row['false_alarms_per_1000'], '{:.2f}'):>9s}{cell(row['clean_rows_flagged'], '{:.4f}'):>14s}"
                f"{cell(row['span_recall']):>9s}{cell(row['span_precision']):>9s}",
                flush=True,
            )


if __name__ == "__main__":
    main()
