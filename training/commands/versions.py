"""``python -m training versions`` and ``rollback``"""

from __future__ import annotations

from pathlib import Path

import click

from model import ArtifactError
from model.artifact import read_artifact
from model.registry import VERSIONS, resolve
from training.publish import list_versions, roll_back

REGISTRY = click.argument("registry", type=click.Path(path_type=Path, file_okay=False, exists=True))


@click.command()
@REGISTRY
def versions(registry: Path) -> None:
    """List the versions of a model in REGISTRY, the oldest first, and mark the one in use."""
    try:
        current = resolve(registry).name
    except ArtifactError as error:
        click.echo(f"training: {error}", err=True)
        current = ""
    for name in list_versions(registry):
        try:
            manifest, _ = read_artifact(registry / VERSIONS / name)
            what = f"{manifest.created}  {manifest.line_count} lines, threshold {manifest.threshold}"
        except ArtifactError as error:
            what = f"broken: {error}"
        click.echo(f"{'*' if name == current else ' '} {name}  {what}")


@click.command()
@REGISTRY
@click.argument("version", required=False)
def rollback(registry: Path, version: str | None) -> None:
    """Go back to VERSION of REGISTRY, or to the one before that in use."""
    try:
        click.echo(f"{roll_back(registry, version)} is in use")
    except ArtifactError as error:
        raise click.ClickException(str(error)) from None
