"""Texts of numbered lines are no advertisements, whatever the word and the number; a brand among them is found."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks.speed.shapes import SHAPES
from model import Article, Classifier
from training.commands.common import SEEDS

# No word of these stands beside a number in the seeds.
WORDS = (
    *("lembar", "gelombang", "Meteran", "spanduk", "wacana", "sample", "verse", "exhibit", "contoh", "perenggan"),
    *("Durak", "örnek", "пример", "Опель", "ví dụ", "đoạn", "ตัวอย่างที่", "样本", "예제"),
)


def numbered(word: str, highest: int) -> str:
    random = Random(f"{word} {highest}")
    return "\n".join(f"{word} {random.randint(1, highest)}" for _ in range(200))


def test_numbered_lines_are_clean_with_any_word(classifier: Classifier) -> None:
    flagged = {word: [len(classifier.classify(Article(numbered(word, highest))).verdicts) for highest in (99, 9_999)] for word in WORDS}
    assert sum(map(sum, flagged.values())) <= 0.01 * 400 * len(WORDS), flagged


def test_the_words_of_these_tests_are_not_those_of_the_seeds() -> None:
    numbered = "".join((SEEDS / name).read_text(encoding="utf-8").lower() for name in ("articles/lists.jsonl", "lines/numbers.jsonl"))
    assert not [word for word in WORDS if f"{word.lower()} " in numbered]


def test_hardly_any_of_100000_numbered_lines_is_flagged(classifier: Classifier) -> None:
    assert len(classifier.classify(Article(SHAPES["100,000 numbered lines"]())).verdicts) < 100


@pytest.mark.parametrize("brand", ["sbobet wap", "gacor88", "slot samudra77 maxwin"])
def test_a_brand_among_numbered_lines_is_found(classifier: Classifier, brand: str) -> None:
    lines = [f"lembar {number}" for number in range(1, 31)]
    report = classifier.classify(Article("\n".join([*lines[:20], brand, *lines[20:]])))
    assert [verdict.line.text for verdict in report.verdicts] == [brand]
