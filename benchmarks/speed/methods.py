"""What is timed: the whole set of articles through one method, once."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from benchmarks.speed.articles import SEEDS, as_html
from model import Article, Classifier
from training.data import read_labelled

Run = Callable[[], object]


def methods(texts: Sequence[str]) -> dict[str, Run]:
    """Return every method that is installed here, by name; the first is Saring's, with complete verdicts."""
    classifier = Classifier.load()
    articles = [Article(text) for text in texts]
    lines = [line for text in texts for line in text.split("\n")]
    found: dict[str, Run] = {"Saring, complete verdicts": lambda: [classifier.classify(article) for article in articles]}
    found["scikit-learn, lines only"] = _sklearn(lines)
    for name, make in (("fastText, lines only", _fasttext), ("trafilatura, extraction", _trafilatura), ("jusText, extraction", _justext)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found[name] = make(lines if "lines" in name else [as_html(text) for text in texts])
            except ImportError as error:
                print(f"left out, not installed: {name} ({error})")
    return found


def _labelled() -> tuple[list[str], list[bool]]:
    rows = [row for row in read_labelled([SEEDS]) if row.is_line]
    return [row.text for row in rows], [not row.is_clean for row in rows]


def _sklearn(lines: Sequence[str]) -> Run:
    texts, spam = _labelled()
    pipeline = make_pipeline(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5)), LogisticRegression())
    pipeline.fit(texts, spam)
    return lambda: pipeline.predict_proba(lines)


def _fasttext(lines: Sequence[str]) -> Run:
    import fasttext

    texts, spam = _labelled()
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.writelines(f"__label__{int(label)} {' '.join(text.split())}\n" for text, label in zip(texts, spam, strict=True))
        file.flush()
        trained = fasttext.train_supervised(file.name, dim=16, minn=2, maxn=5, thread=1, verbose=0)
    ended = [line + "\n" for line in lines]
    return lambda: trained.f.multilinePredict(ended, 1, 0.0, "strict")


def _trafilatura(pages: Sequence[str]) -> Run:
    import trafilatura

    return lambda: [trafilatura.extract(page) for page in pages]


def _justext(pages: Sequence[str]) -> Run:
    import justext

    stop_words = justext.get_stoplist("Indonesian")
    return lambda: [justext.justext(page, stop_words) for page in pages]
