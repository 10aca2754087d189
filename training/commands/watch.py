"""``python -m training suggest`` and ``drift``: what to label next, and whether it is time to retrain."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from model import DEFAULT_MODEL
from training.commands.common import fail, load, read_texts
from training.drift import compare, profile
from training.suggest import suggest as pick

MODEL = click.option(
    "--model",
    "model_path",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_MODEL,
    help="Model or registry.  [default: model/default]",
)
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--pool", required=True, type=FILE, help="Articles to choose from: JSONL with a text each.")
@click.option("-n", "count", type=click.IntRange(1), default=200, show_default=True, help="How many lines to choose.")
@MODEL
def suggest(pool: Path, count: int, model_path: Path) -> None:
    """Print the lines of a pool that are most worth labelling, as JSONL: the most uncertain, none much like another."""
    for suggestion in pick(load(model_path), read_texts(pool), count):
        click.echo(json.dumps(asdict(suggestion), ensure_ascii=False))


@click.command()
@click.option("--reference", required=True, type=FILE, help="Articles as they were when the model was trained: JSONL.")
@click.option("--current", required=True, type=FILE, help="Articles of today: JSONL.")
@MODEL
def drift(reference: Path, current: Path, model_path: Path) -> None:
    """Compare the articles of today with those of training time, and say whether retraining is due."""
    classifier = load(model_path)
    try:
        result = compare(profile(classifier, read_texts(reference)), profile(classifier, read_texts(current)))
    except ValueError as error:
        fail(str(error))
        raise
    for name, value in asdict(result).items():
        if isinstance(value, float):
            click.echo(f"{name}: {value:+.4f}")
    click.echo(result.verdict)
