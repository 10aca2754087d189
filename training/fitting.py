"""From labelled data to a model with its manifest: what `fit` and `retrain` have in common."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from model.artifact import Manifest, Tensors
from model.classifier import Classifier
from model.lines import split_lines
from training.data import CLEAN, LabelledArticle, digest
from training.drift import reference_of
from training.estimator import SPAM_SHARE, InjectionClassifier
from training.judge import prior_weights
from training.measure import calibration_noise, expected_calibration_error
from training.sampling import draw_sample
from training.trials import reliability

NAME = "saring-default"
MOST_ARTICLES = 2_000  # that are counted for the reference of drift
LIBRARIES = ("numpy", "scikit-learn", "scipy", "safetensors", "pandas")


@dataclass(frozen=True)
class Fitted:
    """A fitted estimator with what is written to disk of it."""

    estimator: InjectionClassifier
    manifest: Manifest
    tensors: Tensors

    @property
    def classifier(self) -> Classifier:
        return Classifier.from_tensors(self.manifest, self.tensors)


def fit_model(articles: Sequence[LabelledArticle], estimator: InjectionClassifier) -> Fitted:
    """Fit `estimator` and describe it in a manifest; the version holds the date and the digest of the data.

    Raises
    ------
    ValueError
        If the data cannot be split into folds, or lacks a class.
    """
    estimator.fit(articles)
    data_digest = digest(articles)
    created = datetime.now(UTC).replace(microsecond=0)
    manifest = Manifest(
        name=NAME,
        version=f"{created:%Y.%m.%d}-{data_digest[:8]}",
        created=created.isoformat().replace("+00:00", "Z"),
        threshold=estimator.threshold_,
        line_count=sum(1 for article in articles for line in split_lines(article.text) if line.text.strip()),
        data_digest=data_digest,
        figures=_figures(estimator),
        libraries={"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        parameters=estimator.parameters_,
        files={},
    )
    fitted = Fitted(estimator, manifest, estimator.tensors_)
    sample, _ = draw_sample([article for article in articles if not article.is_line], MOST_ARTICLES)
    profile = reference_of(fitted.classifier, sample)
    return replace(fitted, manifest=replace(manifest, reference=profile.to_dict() if profile else None))


def _figures(estimator: InjectionClassifier) -> dict[str, Any]:
    """Return what is known of the model from lines that it had not seen."""
    held = estimator.out_of_fold_
    scores = held.scores
    spam = held.labels != CLEAN
    flagged = scores >= estimator.threshold_
    weight = prior_weights(spam, SPAM_SHARE)
    return {
        "out_of_fold_lines": len(spam),
        "out_of_fold_recall": round(float(flagged[spam].mean()), 4),
        "out_of_fold_false_alarms_per_1000": round(1000 * float(flagged[~spam].mean()), 4),
        "out_of_fold_calibration_error": round(expected_calibration_error(scores, spam, weight), 4),
        "out_of_fold_calibration_noise": round(calibration_noise(scores, spam, weight, held.articles), 4),
        "reliability": reliability(scores, spam, weight),
    }
