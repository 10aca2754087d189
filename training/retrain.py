"""Retraining: labelled data and the seeds in; a challenger, its comparison with the champion, and a decision out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.artifact import WEIGHTS
from model.classifier import Classifier
from model.registry import resolve
from training.checks import Checked, without_contradicted
from training.data import LabelledArticle
from training.estimator import InjectionClassifier
from training.evidence import Evidence, compare_evidence, gather, known_to, score_of
from training.fitting import Fitted, fit_model
from training.frozen import split_frozen
from training.gate import CALIBRATION, SIZE, SPEED, STANDARD_ERRORS, Decision, compare_costs, compare_trials, decide
from training.label_quality import Suspect, find_suspects
from training.progress import track
from training.sampling import draw_sample
from training.trials import Trials, run_trials, seconds_per_megabyte

MOST_FROZEN = 5_000  # labels that both models are tried on, beside the frozen seeds
LABELS = "labels"  # how the figures call the frozen part of the labels
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a retraining found; nothing has been published yet. ``trials`` are those of champion and challenger, in this order."""

    champion: Classifier
    challenger: Fitted
    decision: Decision
    trials: tuple[Trials, Trials]
    evidence: Evidence
    suspects: list[Suspect]
    changed: list[Change]
    trained_on: list[LabelledArticle]
    frozen: int


@dataclass(frozen=True, slots=True)
class Change:
    """A frozen line with the scores of both models; ``flips`` says whether one flags it and the other does not."""

    text: str
    label: str
    champion: float
    challenger: float
    flips: bool


def retrain(
    champion_path: Path,
    seeds: Sequence[LabelledArticle],
    labels: Checked,
    gold: Mapping[str, Sequence[LabelledArticle]],
    estimator: InjectionClassifier,
    progress: Progress,
) -> Outcome:
    """Fit a challenger on seeds and labels, and hold it against the champion.

    Both models are tried on the frozen groups of the seeds, on which no model was ever fitted and which no label can change; on the
    frozen groups of the labels; on gold data; and on the labels that are new since the champion, out of fold.

    Raises
    ------
    model.ArtifactError
        If there is no usable champion.
    ValueError
        If the data cannot be learned from, or nothing is frozen.
    """
    champion = Classifier.load(champion_path)
    seeds_train, frozen = split_frozen(seeds)
    labels_train, labels_frozen = split_frozen(labels.articles)
    labels_frozen, _ = draw_sample(labels_frozen, MOST_FROZEN)
    if not frozen:
        raise ValueError("the seeds hold no frozen group to compare models on")
    seeds_train = without_contradicted(seeds_train, labels_train)
    train = [*seeds_train, *labels_train]
    progress(f"fitting on {len(train)} rows")
    fitted = fit_model(train, estimator)
    challenger = fitted.classifier
    seed = estimator.random_state
    extra = {**({LABELS: labels_frozen} if labels_frozen else {}), **{f"gold {name}": rows for name, rows in gold.items()}}
    progress(f"trying the champion {champion.manifest.version}")
    first = run_trials(champion, frozen, extra, seed)
    progress(f"trying the challenger {fitted.manifest.version}")
    second = run_trials(challenger, frozen, extra, seed)
    evidence = gather(champion, known_to(champion_path), estimator.out_of_fold_, labels_train)
    progress("comparing speed, size and calibration")
    old, new = (float(model.manifest.figures.get("out_of_fold_calibration_error", 1.0)) for model in (champion, challenger))
    noise = math.hypot(*(float(model.manifest.figures.get("out_of_fold_calibration_noise", 0.0)) for model in (champion, challenger)))
    sizes = (resolve(champion_path) / WEIGHTS).stat().st_size / 1e6, sum(array.nbytes for array in fitted.tensors.values()) / 1e6
    slow, fast = seconds_per_megabyte((champion, challenger), frozen)
    figures = [
        *compare_trials(first.shares, second.shares, seed),
        *compare_evidence(evidence, champion.manifest.threshold, challenger.manifest.threshold, seed, len(first.shares)),
        compare_costs("calibration error", old, new, old + CALIBRATION + STANDARD_ERRORS * noise),
        compare_costs("megabytes", *sizes, sizes[0] * SIZE),
        compare_costs("seconds per megabyte", slow, fast, slow * SPEED),
    ]
    suspects = find_suspects(estimator.out_of_fold_, {"seeds": seeds_train, LABELS: labels_train})
    changed = _changes(champion, challenger, [*frozen, *labels_frozen])
    return Outcome(champion, fitted, decide(figures), (first, second), evidence, suspects, changed, train, len(frozen) + len(labels_frozen))


def _changes(champion: Classifier, challenger: Classifier, frozen: Sequence[LabelledArticle], most: int = 40) -> list[Change]:
    lines = [row for row in frozen if row.is_line]
    scored = [(row, score_of(champion, row.text), score_of(challenger, row.text)) for row in track(lines, "looking for changes")]
    limits = champion.manifest.threshold, challenger.manifest.threshold
    changes = [
        Change(row.text, row.label, round(old, 4), round(new, 4), (old >= limits[0]) != (new >= limits[1]))
        for row, old, new in scored
        if old != new
    ]
    return sorted(changes, key=lambda change: (not change.flips, -abs(change.challenger - change.champion)))[:most]
