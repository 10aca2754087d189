"""The model card says what was measured on groups that the model never saw."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from model import Classifier
from training.card import reliability_plot, render_card
from training.data import LABELS, LabelledArticle, read_labelled
from training.disguises import TRICKS
from training.frozen import split_frozen
from training.trials import confusion, recall_by_trick, reliability

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def frozen() -> list[LabelledArticle]:
    return split_frozen(read_labelled([ROOT / "seeds"]))[1]


def test_frozen_groups_do_not_change_and_are_never_split() -> None:
    seeds = read_labelled([ROOT / "seeds"])
    train, frozen = split_frozen(seeds)
    assert len(train) + len(frozen) == len(seeds)
    assert not {row.group for row in train} & {row.group for row in frozen}
    assert 0.03 < len(frozen) / len(seeds) < 0.12
    assert split_frozen(seeds[::-1])[1][::-1] == frozen


def test_the_confusion_table_counts_every_frozen_line_once(classifier: Classifier, frozen: list[LabelledArticle]) -> None:
    table = confusion(classifier, frozen)
    assert set(table) == set(LABELS)
    for label, row in table.items():
        assert sum(row.values()) == sum(line.is_line and line.label == label for line in frozen)
    assert table["gambling"]["gambling"] > 10 * table["gambling"]["promotion"]


def test_no_disguise_costs_more_than_two_points_of_recall(classifier: Classifier, frozen: list[LabelledArticle]) -> None:
    tricks = recall_by_trick(classifier, frozen, seed=0)
    assert list(tricks) == ["none", *TRICKS]
    assert tricks["none"] > 0.5
    assert {name for name, recall in tricks.items() if recall < tricks["none"] - 0.02} == set()


def test_reliability_bins_hold_mean_score_share_of_spam_and_weight() -> None:
    scores, spam = np.array([0.02, 0.04, 0.95, 0.97]), np.array([False, False, True, False])
    assert reliability(scores, spam, np.ones(4)) == [[0.03, 0.0, 0.5], [0.96, 0.5, 0.5]]


def test_the_plot_is_well_formed_and_has_a_dot_a_bin() -> None:
    plot = ElementTree.fromstring(reliability_plot([[0.03, 0.0, 0.9], [0.96, 0.9, 0.1]]))
    assert len(plot.findall("{http://www.w3.org/2000/svg}circle")) == 2


def test_the_card_names_the_model_and_every_trick(classifier: Classifier) -> None:
    table = {label: dict.fromkeys(LABELS, 7) for label in LABELS}
    card = render_card(classifier.manifest, table, {"none": 0.9, "leet": 0.885}, size=3_000_000)
    assert f"{classifier.manifest.name} {classifier.manifest.version}" in card
    assert "| leet | 0.885 | -1.5 |" in card
    assert "| gambling | 7 | 7 | 7 |" in card


def test_the_card_in_the_repository_is_that_of_the_default_model(classifier: Classifier) -> None:
    assert (
        (ROOT / "MODEL_CARD.md")
        .read_text(encoding="utf-8")
        .startswith(f"# Model card: {classifier.manifest.name} {classifier.manifest.version}\n")
    )
