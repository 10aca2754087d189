"""The command line: what the HTTP interface says, said to a terminal."""

from __future__ import annotations

from pathlib import Path

import click

from service.commands.classify import classify
from service.commands.database import db, labels, purge
from service.commands.key import key
from service.commands.loading import ModelOption
from service.commands.report import report
from service.commands.reviewer import reviewer
from service.commands.serve import serve
from service.commands.settings import settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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


for command in (classify, db, key, labels, purge, report, reviewer, serve, settings):
    main.add_command(command)
