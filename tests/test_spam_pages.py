"""Texts that are spam from the first line to the last, as spammers put them up themselves: no honest line is there to compare with."""

from __future__ import annotations

from random import Random

import pytest

from model import Article, Classifier

NAMES = ("samudra", "rimba", "elang", "kencana", "lautan", "pelangi")
SHAPES = {
    "a brand": "slot gacor {name}{number}",
    "a link": "situs {name}{number} link alternatif",
    "a way to pay": "daftar {name} {number} deposit pulsa tanpa potongan",
}


def page(shape: str, count: int) -> str:
    random = Random(count)
    return "\n".join(SHAPES[shape].format(name=random.choice(NAMES), number=random.randint(11, 999)) for _ in range(count))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_page_of_spam_is_flagged_from_the_first_line_to_the_last(classifier: Classifier, shape: str) -> None:
    counts = (2, 3, 5, 10, 30, 100)
    flagged = {count: len(classifier.classify(Article(page(shape, count))).verdicts) for count in counts}
    assert all(flagged[count] >= 0.9 * count for count in counts), flagged
