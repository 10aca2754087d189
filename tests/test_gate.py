"""A challenger that is worse anywhere beyond tolerance and chance is refused, and so is one that is better nowhere."""

from __future__ import annotations

import numpy as np

from training.gate import compare_costs, compare_shares, decide
from training.trials import Trial


def trial(hits: int, of: int = 400) -> Trial:
    return Trial(np.array([1] * hits + [0] * (of - hits)), np.ones(of, np.int64))


def test_more_recall_is_better_and_less_is_worse() -> None:
    assert compare_shares("recall", trial(300), trial(360), 0.01, 0, higher=True).better
    worse = compare_shares("recall", trial(360), trial(300), 0.01, 0, higher=True)
    assert worse.worse
    assert worse.low is not None
    assert worse.high is not None
    assert worse.low < -0.15 < worse.high


def test_more_false_alarms_are_worse() -> None:
    assert compare_shares("false alarms", trial(2), trial(40), 0.002, 0, higher=False).worse
    assert compare_shares("false alarms", trial(40), trial(2), 0.002, 0, higher=False).better


def test_what_chance_explains_is_neither() -> None:
    figure = compare_shares("recall", trial(300), Trial(trial(301).hits[::-1].copy(), np.ones(400, np.int64)), 0.01, 0, higher=True)
    assert not figure.better
    assert not figure.worse


def test_a_loss_within_tolerance_is_not_worse() -> None:
    assert not compare_shares("recall", trial(300), trial(298), 0.01, 0, higher=True).worse


def test_costs_above_their_limit_are_worse() -> None:
    assert compare_costs("megabytes", 3.0, 4.0, 3.3).worse
    assert not compare_costs("megabytes", 3.0, 3.2, 3.3).worse


def test_one_worse_figure_refuses_whatever_else_is_better() -> None:
    better = compare_shares("recall", trial(300), trial(360), 0.01, 0, higher=True)
    worse = compare_shares("false alarms", trial(2), trial(40), 0.002, 0, higher=False)
    assert decide([better]).accepted
    refused = decide([better, worse])
    assert not refused.accepted
    assert refused.reasons[0].startswith("false alarms is worse: 0.0050 -> 0.1000")


def test_nothing_better_is_a_refusal() -> None:
    same = compare_shares("recall", trial(300), trial(300), 0.01, 0, higher=True)
    assert decide([same]).reasons == ("no guarded figure is better beyond chance",)
