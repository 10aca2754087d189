"""``saring db``, ``saring labels`` and ``saring purge``: what is done to the store from outside the service."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from service.commands.loading import read_settings

if TYPE_CHECKING:
    from service.settings import Settings
    from service.store import Store
    from service.store.second_look import Doubt

_HELP = "URL of the database: sqlite:///FILE or postgresql://USER@HOST/NAME.  [env: SARING_DATABASE_URL]"


def _database(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--database", metavar="URL", help=_HELP)(command)


@click.group()
def db() -> None:
    """Look after the database of flagged articles."""


@db.command()
@_database
def upgrade(database: str | None) -> None:
    """Make the tables, or change them as this version needs them. Running it again does no harm."""
    with _opened(database) as (store, _):
        before, after = store.upgrade()
    click.echo(f"The database is at version {after}" + (" already." if before == after else "."))


@click.group()
def labels() -> None:
    """Get out what reviewers decided."""


@labels.command()
@_database
@click.argument("suspects", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def reopen(database: str | None, suspects: Path) -> None:
    """Send decided lines back to /review: those that SUSPECTS doubts, which is suspects.jsonl beside the report of a retraining.

    They come first there, the worst at the head, and are no labels any more until somebody decides anew. A line is sent back once.
    """
    doubts = _read_doubts(suspects)
    with _opened(database) as (store, _):
        opened = store.reopen(doubts)
    click.echo(f"{opened} line{'' if opened == 1 else 's'} of {len(doubts)} doubted texts sent back to /review")


@labels.command()
@_database
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The JSONL file to write; - prints.")
def export(database: str | None, output: Path) -> None:
    """Write every decision as a row that `python -m training` reads. Contradictions between reviewers are marked."""
    from service.serialise import to_row

    with _opened(database) as (store, _), _writing(output) as file:
        rows = contradictory = 0
        for row in store.first_labels():
            file.write(to_row(row) + "\n")
            rows += 1
            contradictory += bool(row["contradictions"])
    click.echo(f"{output}: {rows} labels, {contradictory} of them contradicted", err=True)


@click.command()
@_database
@click.option(
    "--days", type=click.FloatRange(0), help="Purge articles that nobody submitted for so long.  [default: SARING_RETENTION_DAYS]"
)
@click.option("--id", "id", help="Purge the one article of this id instead.")
@click.option("--dry-run", is_flag=True, help="Only say how many articles that would be.")
def purge(database: str | None, days: float | None, id: str | None, dry_run: bool) -> None:
    """Delete old articles, their flagged lines and what was decided of them. Export the labels before if you need them."""
    with _opened(database) as (store, settings):
        if id is not None:
            gone = int(store.find(id=id) is not None) if dry_run else store.purge_id(id)
        else:
            age = settings.retention_days if days is None else days
            gone = store.count_older(age) if dry_run else store.purge(age)
    click.echo(f"{gone} article{'' if gone == 1 else 's'} {'would be purged' if dry_run else 'purged'}")


def _read_doubts(path: Path) -> list[Doubt]:
    from service.store.second_look import Doubt

    doubts = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            row = json.loads(line.decode("utf-8"))
            labels = frozenset(row["labels"] if "labels" in row else (row["label"],))
            doubts.append(Doubt(str(row["text"]), labels, str(row["why"])))
        except (ValueError, KeyError, TypeError) as error:
            raise click.ClickException(f"{path}: row {number}: not a doubted label: {error!r}") from None
    return doubts


@contextmanager
def _opened(database: str | None) -> Iterator[tuple[Store, Settings]]:
    """Open the store, or end the command with one line that says why that cannot be."""
    settings = read_settings(database_url=database)
    if settings.database_url is None:
        raise click.UsageError("no database is named; set SARING_DATABASE_URL or give --database")
    from service.store import Store, StoreError

    try:
        store = Store.open(settings.database_url.get_secret_value())
        try:
            yield store, settings
        finally:
            store.close()
    except StoreError as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def _writing(output: Path) -> Iterator[IO[str]]:
    """Write a file that is there whole, or not at all."""
    if str(output) == "-":
        yield sys.stdout
        return
    partial = output.with_name(output.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8") as file:
            yield file
        partial.replace(output)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror or error}") from None
    finally:
        partial.unlink(missing_ok=True)
