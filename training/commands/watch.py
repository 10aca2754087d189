"""``python -m training suggest``, ``drift`` and ``reference``: what to label next, and whether it is time to retrain."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import click

from model import DEFAULT_MODEL, Classifier
from model.artifact import write_manifest
from model.drift import Profile, compare
from model.registry import resolve
from training.commands.common import SEEDS, fail, load, read, read_texts
from training.drift import profile, reference_of
from training.suggest import suggest as pick

MODEL = click.option(
    "--model",
    "model_path",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_MODEL,
    help="Model or registry.  [default: model/default]",
)
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@click.option("--pool", required=True, type=FILE, help="Articles to choose from: JSONL with a text each.")
@click.option("-n", "count", type=click.IntRange(1), default=200, show_default=True, help="How many lines to choose.")
@MODEL
def suggest(pool: Path, count: int, model_path: Path) -> None:
    """Print the lines of a pool that are most worth labelling, as JSONL: the most uncertain, none much like another."""
    for suggestion in pick(load(model_path), read_texts(pool), count):
        click.echo(json.dumps(asdict(suggestion), ensure_ascii=False))


@click.command()
@click.option("--reference", "before", type=FILE, help="Articles as they were when the model was trained: JSONL.  [default: the model's]")
@click.option("--current", required=True, type=FILE, help="Articles of today: JSONL.")
@MODEL
def drift(before: Path | None, current: Path, model_path: Path) -> None:
    """Compare the articles of today with those of training time, and say whether retraining is due."""
    classifier = load(model_path)
    try:
        then = _profile(classifier, before) if before else _kept(classifier, model_path)
        result = compare(then, _profile(classifier, current))
    except ValueError as error:
        fail(str(error))
        raise
    for name, value in asdict(result).items():
        if isinstance(value, float):
            click.echo(f"{name}: {value:+.4f}")
    click.echo(result.verdict)


@click.command()
@click.argument("model_path", metavar="MODEL", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.argument("articles", type=FILE, required=False)
def reference(model_path: Path, articles: Path | None) -> None:
    """Keep in MODEL what ARTICLES (JSONL; the articles of the seeds by default) look like to it, for later comparisons by `drift`."""
    classifier = load(model_path)
    try:
        kept = _profile(classifier, articles) if articles else reference_of(classifier, read((SEEDS,)))
    except ValueError as error:
        fail(str(error))
        raise
    if kept is not None:
        write_manifest(resolve(model_path), replace(classifier.manifest, reference=kept.to_dict()))
        click.echo(f"{model_path}: {kept.articles} articles of {kept.lines} lines are the reference now")


def _profile(classifier: Classifier, path: Path) -> Profile:
    with path.open("rb") as file:
        count = sum(1 for line in file if line.strip())
    return profile(classifier, read_texts(path), count)


def _kept(classifier: Classifier, model_path: Path) -> Profile:
    if classifier.manifest.reference is None:
        raise ValueError(f"{model_path} keeps no reference: give --reference FILE, or run `python -m training reference {model_path}`")
    return Profile.from_dict(classifier.manifest.reference)
