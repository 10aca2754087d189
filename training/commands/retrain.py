"""``python -m training retrain``"""

from __future__ import annotations

import getpass
import json
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from model import ArtifactError
from training.checks import Checked, check, write_rejects
from training.commands.common import INTERRUPTED, SEED, SEEDS, SourceType, fail, read
from training.data import LabelledArticle, Source
from training.errors import DataError
from training.estimator import InjectionClassifier
from training.evidence import LEARNED, marks_of
from training.publish import publish
from training.retrain import Outcome
from training.retrain import retrain as run
from training.retrain_report import write_report

REFUSED = 3
LABEL_WEIGHT = 3.0
FAST: dict[str, Any] = {"bits": 13, "folds": 2, "copies": 2, "variants": 1, "names": 50, "trees": 30}


@click.command()
@click.option(
    "--labels",
    multiple=True,
    type=SourceType(),
    help="Labelled data beside the seeds: a file, a folder, or the URL of a database with a table or view `labels`.",
)
@click.argument("more", nargs=-1, type=SourceType())
@click.option("--registry", required=True, type=click.Path(path_type=Path, file_okay=False), help="Where versions are published.")
@click.option("--champion", type=click.Path(path_type=Path, file_okay=False), help="Model to beat.  [default: the registry's]")
@click.option("--gold", multiple=True, type=click.Path(path_type=Path), help="Labelled data to compare on, too; never learned from.")
@click.option("--seeds", "seeds_path", type=click.Path(path_type=Path), default=SEEDS, help="Seeds.  [default: seeds/]")
@click.option("--report", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("retraining"), show_default=True)
@click.option("--label-weight", type=click.FloatRange(0, min_open=True), default=LABEL_WEIGHT, show_default=True,
              help="How many rows of seeds a labelled row counts for.")  # fmt: skip
@click.option("--keep", type=click.IntRange(1), default=5, show_default=True, help="How many versions stay in the registry.")
@click.option("--strict", is_flag=True, help="Stop at problems in the labels instead of setting those rows aside.")
@click.option("--force", metavar="WHY", help="Publish even if refused; who and why are recorded.")
@click.option("--fast", is_flag=True, hidden=True, help="Small settings, for tests.")
@SEED
def retrain(
    labels: tuple[Source, ...],
    more: tuple[Source, ...],
    registry: Path,
    champion: Path | None,
    gold: tuple[Path, ...],
    seeds_path: Path,
    folder: Path,
    label_weight: float,
    keep: int,
    strict: bool,
    force: str | None,
    fast: bool,
    seed: int,
) -> None:
    """Fit a challenger on seeds/ and labelled data, and publish it into a registry if it is worse than the champion nowhere.

    Exit status: 0 published, 2 bad input, 3 refused, 130 interrupted; only 0 changes the registry.
    """
    try:
        seeds = read((seeds_path,))
        checked = _check((*labels, *more), label_weight, seeds, strict, folder)
        estimator = InjectionClassifier(random_state=seed, verbose=True, **(FAST if fast else {}))
        outcome = _run(champion or registry, seeds, checked, gold, estimator)
        accepted = outcome.decision.accepted
        published = (
            _publish(outcome, checked, registry, keep, force) if accepted or force else "The challenger was refused; the champion stays."
        )
    except KeyboardInterrupt:
        click.echo("training: interrupted; nothing was published", err=True)
        sys.exit(INTERRUPTED)
    write_report(folder, outcome, checked, seeds, published)
    click.echo(published, err=not accepted)
    for reason in outcome.decision.reasons:
        click.echo(f"  {reason}", err=not accepted)
    if not accepted and not force:
        sys.exit(REFUSED)


def _run(champion: Path, seeds: list[LabelledArticle], labels: Checked, gold: tuple[Path, ...], estimator: InjectionClassifier) -> Outcome:
    started = datetime.now(UTC)

    def progress(step: str) -> None:
        click.echo(f"{(datetime.now(UTC) - started).total_seconds():6.0f} s  {step}", err=True)

    try:
        return run(champion, seeds, labels, {path.stem: read((path,)) for path in gold}, estimator, progress)
    except (ArtifactError, ValueError) as error:
        raise click.ClickException(str(error)) from None


def _check(sources: tuple[Source, ...], weight: float, seeds: list[LabelledArticle], strict: bool, folder: Path) -> Checked:
    try:
        checked = check(sources, weight, seeds)
    except DataError as error:
        fail(str(error))
        raise
    for problem in checked.problems:
        click.echo(f"training: {problem}", err=True)
    if checked.problems:
        if strict:
            fail(f"{len(checked.problems)} problems in the labels")
        folder.mkdir(parents=True, exist_ok=True)
        write_rejects(folder / "rejects.jsonl", checked.problems)
    return checked


def _publish(outcome: Outcome, labels: Checked, registry: Path, keep: int, force: str | None) -> str:
    fitted = outcome.challenger
    manifest = fitted.manifest
    if not outcome.decision.accepted:
        forced = {"by": getpass.getuser(), "why": force, "against": list(outcome.decision.reasons)}
        manifest = replace(manifest, figures={**manifest.figures, "forced": forced})
    notes = {
        "decision.json": json.dumps([asdict(figure) for figure in outcome.decision.figures], indent=2) + "\n",
        LEARNED: "".join(f"{mark}\n" for mark in sorted(marks_of(labels.articles))),
    }
    try:
        publish(registry, manifest, fitted.tensors, keep, notes)
    except FileExistsError as error:
        raise click.ClickException(str(error)) from None
    forced = "" if outcome.decision.accepted else f" by force ({force})"
    return f"Version {manifest.version} was published{forced}."
