"""The command line: what the HTTP interface says, said to a terminal."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from service.commands.loading import ModelOption

# The module of service.commands that each command lies in.
MODULES = {
    "classify": "classify",
    "db": "database",
    "key": "key",
    "labels": "database",
    "purge": "database",
    "report": "report",
    "reviewer": "reviewer",
    "serve": "serve",
    "settings": "settings",
}


class Commands(click.Group):
    """Imports a command when it is asked for, so that each starts without what the others need."""

    def list_commands(self, _: click.Context) -> list[str]:
        return sorted(MODULES)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in MODULES:
            return None
        command: click.Command = getattr(import_module(f"service.commands.{MODULES[name]}"), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--model",
    "model_path",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SARING_MODEL",
    help="Directory of the model to use.  [default: the one that comes with Saring; env: SARING_MODEL]",
)
@click.pass_context
def main(context: click.Context, model_path: Path | None) -> None:
    """Flag injected gambling and promotional lines in articles."""
    context.obj = ModelOption(model_path)
