"""What articles look like to a model, by scoring them: the counts that `model.drift` compares."""

from __future__ import annotations

from collections.abc import Iterable

from model.classifier import Classifier
from model.drift import Profile, Tally
from model.features import NAMES
from model.types import Article
from training.data import LabelledArticle
from training.progress import track

UNKNOWN, DISGUISED = NAMES.index("unknown_words"), NAMES.index("disguised_share")


def profile(classifier: Classifier, articles: Iterable[Article], total: int | None = None) -> Profile:
    """Describe articles as the model sees them; `total` is how many there are, if that is known.

    Raises
    ------
    ValueError
        If there is no line in them.
    """
    tally = Tally()
    for article in track(articles, "reading articles", total):
        scored = classifier.score(article.text)
        _, scores = scored.line_scores()
        highest = float(scores.max(initial=0.0))
        flagged = highest >= classifier.manifest.threshold
        labels = [verdict.label for verdict in classifier.classify(article).verdicts] if flagged else []
        tally.add(highest, len(scores), labels, article.lang)
        tally.add_lines(scores, scored.features[:, UNKNOWN], scored.features[:, DISGUISED] > 0)
    return tally.profile()


def reference_of(classifier: Classifier, articles: Iterable[LabelledArticle]) -> Profile | None:
    """Describe the whole articles among labelled ones, None without any: single lines say nothing of how often what occurs."""
    whole = [Article(article.text, lang=article.lang or None) for article in articles if not article.is_line]
    return profile(classifier, whole, len(whole)) if whole else None
