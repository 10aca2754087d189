"""``python -m training evaluate`` and ``describe``: figures of a model, and counts of data."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from model import DEFAULT_MODEL
from training.commands.common import SEEDS, load, read
from training.measure import evaluate as measure
from training.measure import format_table


@click.command()
@click.argument("gold", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--model",
    "model_path",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_MODEL,
    help="The model to evaluate.  [default: model/default]",
)
@click.option("--threshold", type=click.FloatRange(0, 1), help="Flag lines from this score on.  [default: the model's]")
def evaluate(gold: tuple[Path, ...], model_path: Path, threshold: float | None) -> None:
    """Print recall, false alarms per 1,000 clean lines and agreement of spans on labelled data in GOLD, by kind."""
    click.echo(format_table(measure(load(model_path), read(gold), threshold)))


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def describe(paths: tuple[Path, ...]) -> None:
    """Count the labelled data in PATHS (seeds/ by default) by kind, label and language."""
    articles = read(paths or (SEEDS,))
    rows = pd.DataFrame({"kind": row.kind, "label": row.label, "lang": row.lang, "group": row.group} for row in articles)
    click.echo(pd.crosstab([rows["kind"], rows["label"]], rows["lang"], margins=True, margins_name="all").to_string())
    click.echo(f"{rows['group'].nunique()} groups")
