"""``saring report``"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import click

from model import Classifier
from service.commands.judging import EXIT_UNREADABLE
from service.commands.loading import read_settings
from service.reading import Format, Row, Unreadable, read_rows, to_article
from service.reports.judged import Judged, from_report, from_verdict, is_verdict
from service.reports.page import MOST_ARTICLES, ReportPage
from service.submissions import InputError


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The HTML file to write.")
@click.option("--input", "input_format", type=click.Choice(["text", "jsonl"]), help="Format of the input.  [default: by the file's name]")
@click.option("--threshold", type=click.FloatRange(0, 1), help="Flag lines from this score on.  [default: the model's]")
@click.option("--most", type=click.IntRange(0), default=MOST_ARTICLES, show_default=True, help="Articles to show; all are counted.")
@click.option("--days", type=click.IntRange(1, 3660), help="Days back from today that a report of the store covers.  [default: 30]")
@click.pass_context
def report(
    context: click.Context,
    paths: tuple[str, ...],
    output: Path,
    input_format: Format | None,
    threshold: float | None,
    most: int,
    days: int | None,
) -> None:
    """Write one self-contained HTML page on the flagged lines of articles.

    PATH is a text file, a folder of them, a .jsonl file, or - for standard input. A row is an article, which is judged now,
    or a verdict as `saring classify --jsonl` prints it, which is taken as it is. A `url` says the site, and a `time`, `date` or
    `published` in ISO 8601 the day. Without a PATH, the page covers what the database of SARING_DATABASE_URL holds.

    Exits with 2 if anything could not be read; the page covers the rest and says how much is missing.
    """
    if not paths:
        _write(output, _stored(days, most))
        return
    load = cache(context.obj.load)  # verdicts need no model
    page = ReportPage(most)
    broken = 0
    for path in paths:
        for row in read_rows(path, input_format):
            judged = row if isinstance(row, Unreadable) else _judge(load, row, threshold)
            if isinstance(judged, Unreadable):
                broken += 1
                click.echo(f"saring: {judged.source}: {judged.message}", err=True)
            else:
                page.add(judged)
    _write(output, page.render(unreadable=broken))
    click.echo(f"{output}: {page.flagged_articles} of {page.articles} articles flagged", err=True)
    if broken:
        context.exit(EXIT_UNREADABLE)


def _write(output: Path, page: str) -> None:
    try:
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror or error}") from None


def _stored(days: int | None, most: int) -> str:
    url = read_settings().database_url
    if url is None:
        raise click.UsageError("name articles, or a database in SARING_DATABASE_URL")
    # Imported here, so that the other commands start without SQLAlchemy.
    from service.reports.periods import parse_period
    from service.reports.stored import render_stored
    from service.store import Store, StoreError

    period = parse_period({"days": str(days)} if days else {}, datetime.now(UTC).date())
    try:
        store = Store.open(url.get_secret_value())
        store.check()
        return render_stored(store, period, most)
    except StoreError as error:
        raise click.ClickException(str(error)) from None


def _judge(load: Callable[[], Classifier], row: Row, threshold: float | None) -> Judged | Unreadable:
    if is_verdict(row):
        try:
            return from_verdict(row)
        except InputError as error:
            return Unreadable(row.source, str(error))
    read = to_article(row)
    if isinstance(read, Unreadable):
        return read
    submission = read.submission
    return from_report(read, load().classify(submission.article, threshold if submission.threshold is None else submission.threshold))
