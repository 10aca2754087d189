"""Which rows serve the steps whose cost for each row is high, where there are very many."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from training.data import LabelledArticle


def draw_sample(articles: Sequence[LabelledArticle], most: int) -> tuple[list[LabelledArticle], list[LabelledArticle]]:
    """Return at most `most` of the articles, and the others, each in their order.

    Every kind, label and language keeps all of its rows up to a number that is the same for all: what is rare stays whole. Within
    those it goes by a hash of the group, so that groups stay together and the draw is the same whatever the order of the rows.
    """
    if len(articles) <= most:
        return list(articles), []
    strata: dict[tuple[str, str, str], list[int]] = {}
    for index, article in enumerate(articles):
        strata.setdefault((article.kind, article.label, article.lang), []).append(index)
    chosen: set[int] = set()
    waiting = sorted(strata.values(), key=len)
    for number, members in enumerate(waiting):
        share = (most - len(chosen)) // (len(waiting) - number)
        if len(members) > share:
            members = sorted(members, key=lambda index: _rank(articles[index]))[:share]
        chosen.update(members)
    sample = [article for index, article in enumerate(articles) if index in chosen]
    return sample, [article for index, article in enumerate(articles) if index not in chosen]


def _rank(article: LabelledArticle) -> tuple[bytes, str]:
    return hashlib.sha256((article.group or article.id).encode()).digest()[:8], article.text
