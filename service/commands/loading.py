"""The model that the command line names."""

from __future__ import annotations

from pathlib import Path

import click

from model import ArtifactError, Classifier


class ModelOption:
    """Loads the model when a command first asks for it, so that help and bad options need none."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> Classifier:
        """Return the model, or end the command with one line that says why there is none."""
        try:
            return Classifier.load(self.path)
        except ArtifactError as error:
            raise click.ClickException(str(error)) from None
