"""The model that the command line names, and the settings behind it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from model import DEFAULT_MODEL, ArtifactError, Classifier

if TYPE_CHECKING:
    from service.settings import Settings


class ModelOption:
    """Loads the model when a command first asks for it, so that help and bad options need none.

    `given` is what ``--model`` or ``SARING_MODEL`` names; without it, the settings file is asked.
    """

    def __init__(self, given: Path | None) -> None:
        self.given = given

    @property
    def path(self) -> Path:
        if self.given is not None:
            return self.given
        # Without a settings file there is nothing to ask, and the other commands start faster without pydantic.
        return read_settings().model if os.environ.get("SARING_SETTINGS_FILE") else DEFAULT_MODEL

    def load(self) -> Classifier:
        """Return the model, or end the command with one line that says why there is none."""
        try:
            return Classifier.load(self.path)
        except ArtifactError as error:
            raise click.ClickException(str(error)) from None


def read_settings(**overrides: Any) -> Settings:
    """Return the settings with `overrides` from the command line, or end the command with the faults in them."""
    from service.settings import SettingsError, load_settings

    try:
        return load_settings(**overrides)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
