"""``python -m training card``"""

from __future__ import annotations

import click

from model import DEFAULT_MODEL
from model.artifact import WEIGHTS
from training.card import reliability_plot, render_card
from training.commands.common import ROOT, SEED, SEEDS, load, read
from training.frozen import split_frozen
from training.trials import confusion, recall_by_trick


@click.command()
@SEED
def card(seed: int) -> None:
    """Write MODEL_CARD.md and its plot for the default model, from its manifest and from what it does with the frozen seeds."""
    classifier = load(DEFAULT_MODEL)
    _, frozen = split_frozen(read((SEEDS,)))
    table, tricks = confusion(classifier, frozen), recall_by_trick(classifier, frozen, seed)
    manifest = classifier.manifest
    size = (DEFAULT_MODEL / WEIGHTS).stat().st_size
    (ROOT / "MODEL_CARD.md").write_text(render_card(manifest, table, tricks, size), encoding="utf-8")
    (ROOT / "docs" / "reliability.svg").write_text(reliability_plot(list(manifest.figures["reliability"])), encoding="utf-8")
    for label, row in table.items():
        click.echo(f"{label}: {row}")
    for name, recall in tricks.items():
        click.echo(f"{name}: {recall:.4f}")
