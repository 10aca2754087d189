"""Retraining: labelled data and the seeds in; a challenger, its comparison with the champion, and a decision out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.artifact import WEIGHTS
from model.classifier import Classifier
from model.registry import resolve
from training.checks import Checked, without_contradicted
from training.data import LabelledArticle
from training.estimator import InjectionClassifier
from training.fitting import Fitted, fit_model
from training.frozen import split_frozen
from training.gate import CALIBRATION, SIZE, SPEED, Decision, compare_costs, compare_trials, decide
from training.label_quality import Suspect, find_suspects
from training.trials import run_trials, seconds_per_megabyte

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a retraining found; nothing has been published yet."""

    champion: Classifier
    challenger: Fitted
    decision: Decision
    suspects: list[Suspect]
    changed: list[Change]
    trained_on: int
    frozen: int


@dataclass(frozen=True, slots=True)
class Change:
    """A frozen line or article on which the two models disagree most."""

    text: str
    label: str
    champion: float
    challenger: float


def retrain(
    champion_path: Path,
    seeds: Sequence[LabelledArticle],
    labels: Checked,
    gold: Mapping[str, Sequence[LabelledArticle]],
    estimator: InjectionClassifier,
    progress: Progress,
) -> Outcome:
    """Fit a challenger on seeds and labels, and hold it against the champion.

    Both models are tried on the frozen groups of seeds and labels alike, on which neither was fitted.

    Raises
    ------
    model.ArtifactError
        If there is no usable champion.
    ValueError
        If the data cannot be learned from.
    """
    champion = Classifier.load(champion_path)
    train, frozen = split_frozen([*without_contradicted(seeds, labels.articles), *labels.articles])
    progress(f"fitting on {len(train)} rows")
    fitted = fit_model(train, estimator)
    challenger = fitted.classifier
    seed = estimator.random_state
    progress(f"trying the champion {champion.manifest.version}")
    first = run_trials(champion, frozen, gold, seed)
    progress(f"trying the challenger {fitted.manifest.version}")
    second = run_trials(challenger, frozen, gold, seed)
    progress("comparing speed, size and calibration")
    old, new = (float(model.manifest.figures.get("out_of_fold_calibration_error", 1.0)) for model in (champion, challenger))
    sizes = (resolve(champion_path) / WEIGHTS).stat().st_size / 1e6, sum(array.nbytes for array in fitted.tensors.values()) / 1e6
    slow, fast = seconds_per_megabyte((champion, challenger), frozen)
    figures = [
        *compare_trials(first, second, seed),
        compare_costs("calibration error", old, new, old + CALIBRATION),
        compare_costs("megabytes", *sizes, sizes[0] * SIZE),
        compare_costs("seconds per megabyte", slow, fast, slow * SPEED),
    ]
    suspects = find_suspects(estimator.out_of_fold_)
    changed = _changes(champion, challenger, frozen)
    return Outcome(champion, fitted, decide(figures), suspects, changed, len(train), len(frozen))


def _changes(champion: Classifier, challenger: Classifier, frozen: Sequence[LabelledArticle], most: int = 40) -> list[Change]:
    lines = [row for row in frozen if row.is_line]
    scored = [(row, _score(champion, row.text), _score(challenger, row.text)) for row in lines]
    scored.sort(key=lambda entry: -abs(entry[2] - entry[1]))
    return [Change(row.text, row.label, round(old, 4), round(new, 4)) for row, old, new in scored[:most] if old != new]


def _score(classifier: Classifier, text: str) -> float:
    _, scores = classifier.line_scores(classifier.score(text))
    return float(scores.max()) if len(scores) else 0.0
