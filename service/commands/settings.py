"""``saring settings``"""

from __future__ import annotations

import json
from typing import Any

import click

from service.commands.loading import ModelOption, read_settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.pass_context
def settings(context: click.Context, as_json: bool) -> None:
    """Print the settings in force, where each comes from, and what it means. Secrets are masked.

    A setting is an environment variable (SARING_PORT=8080) or a key of the TOML file that SARING_SETTINGS_FILE names
    (port = 8080). The environment comes before the file.
    """
    from service.settings import PREFIX, Settings, masked

    option: ModelOption = context.obj
    values = masked(read_settings(model=option.given))
    if as_json:
        click.echo(json.dumps(values, indent=2, ensure_ascii=False))
        return
    rows = [(PREFIX + name.upper(), _plain(value), _origin(name, option)) for name, value in values.items()]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for (variable, value, source), name in zip(rows, values, strict=True):
        meaning = Settings.model_fields[name].description
        click.echo(f"{variable:<{widths[0]}}  {value:<{widths[1]}}  {source:<{widths[2]}}  {meaning}")


def _origin(name: str, option: ModelOption) -> str:
    from service.settings import origin

    found = origin(name)
    return "command line" if name == "model" and option.given and found != "environment" else found


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(value) or "-"
    return "-" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
