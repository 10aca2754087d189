"""The model card says what was measured on groups that the model never saw."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from model import Classifier
from training.card import reliability_plot, render_card
from training.data import LABELS, read_labelled
from training.disguises import TRICKS
from training.estimator import InjectionClassifier
from training.holdout import Holdout, confusion, hold_out, recall_by_trick, reliability

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def holdout() -> Holdout:
    seeds = read_labelled([ROOT / "seeds"])
    groups = set(sorted({seed.group for seed in seeds})[::12])
    return hold_out([seed for seed in seeds if seed.group in groups], InjectionClassifier(folds=3, copies=2, variants=1))


def test_the_confusion_table_counts_every_held_line_once(holdout: Holdout) -> None:
    table = confusion(holdout)
    assert set(table) == set(LABELS)
    for label, row in table.items():
        assert sum(row.values()) == sum(held.is_line and held.label == label for held in holdout.held)
    assert table["gambling"]["gambling"] > table["gambling"]["promotion"]


def test_every_trick_gets_a_recall_beside_that_of_plain_lines(holdout: Holdout) -> None:
    tricks = recall_by_trick(holdout, seed=0)
    assert list(tricks) == ["none", *TRICKS]
    assert all(0 <= recall <= 1 for recall in tricks.values())
    assert tricks["none"] > 0.3


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
