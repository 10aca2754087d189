"""Texts that are spam from the first line to the last, as spammers put them up themselves: no honest line is there to compare with."""

from __future__ import annotations

from random import Random

import pytest

from model import Article, Classifier

NAMES = ("samudra", "rimba", "elang", "kencana", "lautan", "pelangi")
SHAPES = {
    "a brand": "slot gacor {name}{number}",
    "a link": "situs {name}{number} link alternatif",
    "an offer": "Bonus new member {number}% di {name}{number}",
    "a way to pay": "daftar {name} {number} deposit pulsa tanpa potongan",
}


@pytest.mark.parametrize("count", [2, 3, 10, 100])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_page_of_spam_is_flagged_throughout(classifier: Classifier, shape: str, count: int) -> None:
    random = Random(count)
    lines = [SHAPES[shape].format(name=random.choice(NAMES), number=random.randint(11, 999)) for _ in range(count)]
    report = classifier.classify(Article("\n".join(lines)))
    assert len(report.verdicts) >= 0.8 * count
