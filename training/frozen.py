"""The frozen test set: groups that no model of Saring is ever fitted on, so that models of any age can be compared on them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from training.data import LabelledArticle

ONE_IN = 16


def is_frozen(article: LabelledArticle) -> bool:
    """Tell whether the article's group is of the frozen part. It depends on the name of the group alone, so it never changes."""
    name = article.group or article.id
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % ONE_IN == 0


def split_frozen(articles: Iterable[LabelledArticle]) -> tuple[list[LabelledArticle], list[LabelledArticle]]:
    """Return the articles to fit on, and the frozen ones, each in their order."""
    train: list[LabelledArticle] = []
    frozen: list[LabelledArticle] = []
    for article in articles:
        (frozen if is_frozen(article) else train).append(article)
    return train, frozen
