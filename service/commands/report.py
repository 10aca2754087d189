"""``saring report``"""

from __future__ import annotations

from pathlib import Path

import click

from service.commands.judging import EXIT_UNREADABLE, Judging
from service.commands.loading import ModelOption
from service.reading import Format
from service.report_page import ReportPage


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="ARTICLES...")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The HTML file to write.")
@click.option("--input", "input_format", type=click.Choice(["text", "jsonl"]), help="Format of the input.  [default: by the file's name]")
@click.option("--threshold", type=click.FloatRange(0, 1), help="Flag lines from this score on.  [default: the model's]")
@click.pass_context
def report(context: click.Context, paths: tuple[str, ...], output: Path, input_format: Format | None, threshold: float | None) -> None:
    """Write one self-contained HTML page on the flagged lines of ARTICLES.

    ARTICLES are read as `saring classify` reads them. Exits with 2 if any article could not be read; the page covers the
    others and says how many are missing.
    """
    option: ModelOption = context.obj
    classifier = option.load()
    judging = Judging(classifier, paths, input_format, threshold)
    page = ReportPage(classifier.manifest.info, classifier.manifest.threshold if threshold is None else threshold)
    for read, judged in judging:
        page.add(str(read.source), judged)
    try:
        output.write_text(page.render(unreadable=judging.broken), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror or error}") from None
    click.echo(f"{output}: {page.flagged_articles} of {page.articles} articles flagged", err=True)
    if judging.broken:
        context.exit(EXIT_UNREADABLE)
