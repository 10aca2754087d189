"""What the commands share: where things lie, and reading labelled data or ending with one line that says why not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from model import ArtifactError, Classifier
from model.types import Article
from training.data import LabelledArticle, Source, read_labelled
from training.database import is_database
from training.errors import DataError

ROOT = Path(__file__).parent.parent.parent
SEEDS = ROOT / "seeds"
INTERRUPTED = 130


class SourceType(click.ParamType):
    """A file, a folder, or the URL of a database."""

    name = "file, folder or database"

    def convert(self, value: Source, param: click.Parameter | None, ctx: click.Context | None) -> Source:  # noqa: ARG002
        return value if isinstance(value, Path) or is_database(value) else Path(value)


SEED = click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")


def fail(message: str) -> None:
    """End the command: bad input, exit status 2."""
    click.echo(f"training: {message}", err=True)
    sys.exit(2)


def read(sources: Sequence[Source]) -> list[LabelledArticle]:
    """Read labelled data, or end the command."""
    try:
        return read_labelled(sources)
    except DataError as error:
        fail(str(error))
        raise


def load(path: Path) -> Classifier:
    """Load a model, or end the command."""
    try:
        return Classifier.load(path)
    except ArtifactError as error:
        raise click.ClickException(str(error)) from None


def read_texts(path: Path) -> Iterator[Article]:
    """Read articles without labels: JSONL rows with a ``text``; rows without one are named and passed over."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line.decode("utf-8"))
                    yield Article(row["text"], str(row["id"]) if row.get("id") is not None else None, None, row.get("lang"))
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    click.echo(f"training: {path}: row {number}: not an article: {error}", err=True)
    except OSError as error:
        fail(f"{path}: {error.strerror or error}")
