"""``python -m training``: fit a model from labelled data, and evaluate one."""

from __future__ import annotations

import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import joblib
import pandas as pd

from model import DEFAULT_MODEL, ArtifactError, Classifier, Manifest
from model.artifact import WEIGHTS, write_artifact
from model.lines import split_lines
from training.card import reliability_plot, render_card
from training.data import CLEAN, DataError, LabelledArticle, digest, read_labelled
from training.estimator import SPAM_SHARE, InjectionClassifier
from training.frozen import split_frozen
from training.judge import prior_weights
from training.measure import evaluate, expected_calibration_error, format_table
from training.trials import confusion, recall_by_trick, reliability

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
NAME = "saring-default"
LIBRARIES = ("numpy", "scikit-learn", "scipy", "safetensors", "pandas")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Train and evaluate models."""


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_MODEL,
    help="Where the model goes.  [default: model/default]",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
@click.option(
    "--false-alarms",
    type=click.FloatRange(0, 1),
    default=0.005,
    show_default=True,
    help="Share of clean lines that may be flagged, out of fold; sets the threshold.",
)
@click.option(
    "--keep-estimator",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also keep the fitted estimator here, with joblib. Load such files only if they are your own.",
)
def fit(paths: tuple[Path, ...], output: Path, seed: int, false_alarms: float, keep_estimator: Path | None) -> None:
    """Fit a model on labelled data in PATHS (seeds/ by default) and write it as a versioned artifact."""
    articles, frozen = split_frozen(_read(paths or (SEEDS,)))
    click.echo(f"{len(articles)} labelled rows, {len(frozen)} more kept frozen; fitting ...", err=True)
    try:
        estimator = InjectionClassifier(random_state=seed, false_alarms=false_alarms).fit(articles)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
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
    written = write_artifact(output, manifest, estimator.tensors_)
    if keep_estimator is not None:
        joblib.dump(estimator, keep_estimator)
    click.echo(f"{output}: {written.name} {written.version}, threshold {written.threshold}")
    for name, value in written.figures.items():
        if not isinstance(value, list):
            click.echo(f"  {name}: {value}")


@main.command("evaluate")
@click.argument("gold", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--model",
    "model_path",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_MODEL,
    help="The model to evaluate.  [default: model/default]",
)
@click.option("--threshold", type=click.FloatRange(0, 1), help="Flag lines from this score on.  [default: the model's]")
def evaluate_command(gold: tuple[Path, ...], model_path: Path, threshold: float | None) -> None:
    """Print recall, false alarms per 1,000 clean lines and agreement of spans on labelled data in GOLD, by kind."""
    articles = _read(gold)
    try:
        classifier = Classifier.load(model_path)
    except ArtifactError as error:
        raise click.ClickException(str(error)) from None
    click.echo(format_table(evaluate(classifier, articles, threshold)))


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def describe(paths: tuple[Path, ...]) -> None:
    """Count the labelled data in PATHS (seeds/ by default) by kind, label and language."""
    rows = pd.DataFrame(
        {"kind": article.kind, "label": article.label, "lang": article.lang, "group": article.group} for article in _read(paths or (SEEDS,))
    )
    table = pd.crosstab([rows["kind"], rows["label"]], rows["lang"], margins=True, margins_name="all")
    click.echo(table.to_string())
    click.echo(f"{rows['group'].nunique()} groups")


@main.command()
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
def card(seed: int) -> None:
    """Write MODEL_CARD.md and its plot for the default model, from its manifest and from what it does with the frozen part of seeds/."""
    try:
        classifier = Classifier.load(DEFAULT_MODEL)
    except ArtifactError as error:
        raise click.ClickException(str(error)) from None
    _, frozen = split_frozen(_read((SEEDS,)))
    table, tricks = confusion(classifier, frozen), recall_by_trick(classifier, frozen, seed)
    manifest = classifier.manifest
    size = (DEFAULT_MODEL / WEIGHTS).stat().st_size
    (ROOT / "MODEL_CARD.md").write_text(render_card(manifest, table, tricks, size), encoding="utf-8")
    (ROOT / "docs" / "reliability.svg").write_text(reliability_plot(list(manifest.figures["reliability"])), encoding="utf-8")
    for label, row in table.items():
        click.echo(f"{label}: {row}")
    for name, recall in tricks.items():
        click.echo(f"{name}: {recall:.4f}")


def _read(paths: tuple[Path, ...]) -> list[LabelledArticle]:
    try:
        return read_labelled(paths)
    except DataError as error:
        click.echo(f"training: {error}", err=True)
        sys.exit(2)


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
        "reliability": reliability(scores, spam, weight),
    }


if __name__ == "__main__":
    main(prog_name="python -m training")
