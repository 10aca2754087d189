"""``saring classify``"""

from __future__ import annotations

from typing import Any

import click

from model import Report
from service.commands.judging import EXIT_FLAGGED, EXIT_UNREADABLE, Judging
from service.commands.loading import ModelOption
from service.marking import MarkedLine, mark_all
from service.reading import STDIN, Format, Read
from service.serialise import report_to_dict, to_row


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--input", "input_format", type=click.Choice(["text", "jsonl"]), help="Format of the input.  [default: by the file's name]")
@click.option("--jsonl", is_flag=True, help="Print one verdict a row, as POST /classify answers it.")
@click.option("--threshold", type=click.FloatRange(0, 1), help="Flag lines from this score on.  [default: the model's]")
@click.option("--check", is_flag=True, help="Exit with 1 if anything was flagged.")
@click.pass_context
def classify(
    context: click.Context, paths: tuple[str, ...], input_format: Format | None, jsonl: bool, threshold: float | None, check: bool
) -> None:
    """Print the flagged lines of articles.

    PATH is a text file, a .jsonl file with one article a row ({"text": ..., "id": ...}; what else a row has is kept in
    the output), or - for standard input, which is also the default.

    Exits with 2 if any article could not be read; the others are judged all the same.
    """
    option: ModelOption = context.obj
    judging = Judging(option.load(), paths or (STDIN,), input_format, threshold)
    flagged = False
    for read, report in judging:
        flagged = flagged or report.flagged
        if jsonl:
            click.echo(to_row(_row(read, report)))
        else:
            _print(read, report)
    if judging.broken:
        context.exit(EXIT_UNREADABLE)
    if check and flagged:
        context.exit(EXIT_FLAGGED)


def _row(read: Read, report: Report) -> dict[str, Any]:
    verdict = report_to_dict(report)
    verdict["id"] = read.rest.get("id", verdict["id"])
    kept = {key: value for key, value in read.rest.items() if key not in verdict}
    hidden = {key: value for key, value in read.rest.items() if key in verdict and key != "id"}
    # A field of the row that is also one of the verdict's stays readable beside it.
    return {**verdict, **kept, **({"input": hidden} if hidden else {})}


def _print(read: Read, report: Report) -> None:
    name = str(read.source)
    if read.source.row is not None and report.article.id:
        name += f" ({_safe(report.article.id)})"
    count = f"{len(report.verdicts)} of {report.line_count} lines flagged"
    click.echo(f"{click.style(name, bold=True)}: {click.style(count, fg='red') if report.flagged else 'nothing flagged'}")
    for line in mark_all(report):
        if line.verdict:
            click.echo(f"  {line.line.number:>5}  {line.verdict.score:.3f}  {line.verdict.label:<9}  {_styled(line)}")
            for reason in line.verdict.reasons:
                click.echo(click.style(f"{'':27}{_safe(reason.message)}", dim=True))


def _styled(line: MarkedLine) -> str:
    return "".join(click.style(_safe(piece.text), fg="red", bold=True) if piece.marked else _safe(piece.text) for piece in line.pieces)


def _safe(text: str) -> str:
    """Text of an article is untrusted: no control character of it reaches the terminal."""
    return "".join(c if c.isprintable() or c == "\u200d" else f"\\x{ord(c):02x}" if ord(c) < 256 else f"\\u{ord(c):04x}" for c in text)
