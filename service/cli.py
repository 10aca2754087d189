"""The command line: what the HTTP interface says, said to a terminal."""

from __future__ import annotations

from pathlib import Path

import click

from model import DEFAULT_MODEL
from service.commands.classify import classify
from service.commands.loading import ModelOption
from service.commands.report import report
from service.commands.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--model",
    "model_path",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_MODEL,
    envvar="SARING_MODEL",
    help="Directory of the model to use.  [default: the one that comes with Saring; env: SARING_MODEL]",
)
@click.pass_context
def main(context: click.Context, model_path: Path) -> None:
    """Flag injected gambling and promotional lines in articles."""
    context.obj = ModelOption(model_path)


for command in (classify, report, serve):
    main.add_command(command)
