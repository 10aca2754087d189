"""``python -m training fit``"""

from __future__ import annotations

from pathlib import Path

import click
import joblib

from model import DEFAULT_MODEL
from model.artifact import write_artifact
from training.commands.common import SEED, SEEDS, read
from training.estimator import InjectionClassifier
from training.fitting import fit_model
from training.frozen import split_frozen


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_MODEL,
    help="Where the model goes.  [default: model/default]",
)
@SEED
@click.option(
    "--false-alarms",
    type=click.FloatRange(0, 1),
    default=InjectionClassifier().false_alarms,
    show_default=True,
    help="Share of the clean lines of articles that may be flagged, out of fold; sets the threshold.",
)
@click.option(
    "--keep-estimator",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also keep the fitted estimator here, with joblib. Load such files only if they are your own.",
)
def fit(paths: tuple[Path, ...], output: Path, seed: int, false_alarms: float, keep_estimator: Path | None) -> None:
    """Fit a model on labelled data in PATHS (seeds/ by default), less its frozen part, and write it as a versioned artifact."""
    articles, frozen = split_frozen(read(paths or (SEEDS,)))
    click.echo(f"{len(articles)} labelled rows, {len(frozen)} more kept frozen; fitting ...", err=True)
    try:
        fitted = fit_model(articles, InjectionClassifier(random_state=seed, false_alarms=false_alarms))
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    written = write_artifact(output, fitted.manifest, fitted.tensors)
    if keep_estimator is not None:
        joblib.dump(fitted.estimator, keep_estimator)
    click.echo(f"{output}: {written.name} {written.version}, threshold {written.threshold}")
    for name, value in written.figures.items():
        if not isinstance(value, list):
            click.echo(f"  {name}: {value}")
