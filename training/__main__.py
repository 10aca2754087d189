"""``python -m training``: fit, retrain, publish and watch models."""

from __future__ import annotations

import click

from training.commands.card import card
from training.commands.evaluate import describe, evaluate
from training.commands.fit import fit
from training.commands.retrain import retrain
from training.commands.versions import rollback, versions
from training.commands.watch import drift, reference, suggest


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Train, evaluate and publish models."""


for command in (fit, evaluate, describe, card, retrain, versions, rollback, suggest, drift, reference):
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="python -m training")
