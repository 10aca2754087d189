"""What is timed: the whole set of articles through one method, once.

Whatever a method needs is made beforehand: its model, lines cut out of the articles, pages put together. Saring gets the bare texts.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from random import Random

from benchmarks.speed.articles import SEEDS, as_html
from benchmarks.speed.timing import Run
from model import Article, Classifier
from training.data import read_labelled

OWN = "Saring, complete verdicts"
SKLEARN = "scikit-learn, lines only"
FASTTEXT = "fastText, lines only"
TRAFILATURA = "trafilatura, extraction"
JUSTEXT = "jusText, extraction"


def methods(classifier: Classifier, texts: Sequence[str], most_labels: int | None = None) -> dict[str, Run]:
    """Return every method that is installed here, by name; those that learn do so from `most_labels` lines of the seeds, or from all."""
    lines = [line for text in texts for line in text.split("\n")]
    pages = [as_html(text) for text in texts]
    labels = _labelled(most_labels)
    makers: dict[str, Callable[[], Run]] = {
        OWN: lambda: lambda: [classifier.classify(Article(text)) for text in texts],
        SKLEARN: lambda: _sklearn(labels, lines),
        FASTTEXT: lambda: _fasttext(labels, lines),
        TRAFILATURA: lambda: _trafilatura(pages),
        JUSTEXT: lambda: _justext(pages),
    }
    return dict(_made(makers))


def _made(makers: dict[str, Callable[[], Run]]) -> Iterator[tuple[str, Run]]:
    for name, make in makers.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                yield name, make()
            except ImportError as error:
                print(f"left out, not installed: {name} ({error})")


def _labelled(most: int | None) -> list[tuple[str, bool]]:
    rows = [(row.text, not row.is_clean) for row in read_labelled([SEEDS]) if row.is_line]
    return rows if most is None else Random(0).sample(rows, most)


def _sklearn(labels: Sequence[tuple[str, bool]], lines: Sequence[str]) -> Run:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5)), LogisticRegression())
    pipeline.fit([text for text, _ in labels], [spam for _, spam in labels])
    return lambda: pipeline.predict_proba(lines)


def _fasttext(labels: Sequence[tuple[str, bool]], lines: Sequence[str]) -> Run:
    import fasttext

    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.writelines(f"__label__{int(spam)} {' '.join(text.split())}\n" for text, spam in labels)
        file.flush()
        trained = fasttext.train_supervised(file.name, dim=16, minn=2, maxn=5, thread=1, verbose=0)
    ended = [line + "\n" for line in lines]
    # Below its `predict`, which adds checks of its own and does not get along with NumPy 2.
    return lambda: trained.f.multilinePredict(ended, 1, 0.0, "strict")


def _trafilatura(pages: Sequence[str]) -> Run:
    import trafilatura

    return lambda: [trafilatura.extract(page) for page in pages]


def _justext(pages: Sequence[str]) -> Run:
    import justext

    stop_words = justext.get_stoplist("Indonesian")
    return lambda: [justext.justext(page, stop_words) for page in pages]
