"""Articles that were judged, as a report shows them: just now, in a file of verdicts, or in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from model import Line, Reason, Report, Span, Verdict
from service.marking import MarkedLine, mark_line, mark_surroundings
from service.reading import Read, Row
from service.submissions import InputError

DAY_FIELDS = ("time", "date", "published")


@dataclass(frozen=True, slots=True)
class Judged:
    """One article with its verdicts; ``runs`` are its flagged lines, with their surroundings where those are known."""

    source: str
    id: str | None
    url: str | None
    day: date | None
    version: str
    line_count: int
    verdicts: tuple[Verdict, ...]
    runs: list[list[MarkedLine]]

    @property
    def site(self) -> str:
        """The host of the URL, without ``www.``; empty if there is none."""
        return site_of(self.url)


def site_of(url: str | None) -> str:
    """Return the host of a URL in lower case without ``www.``; empty if it has none."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")


def from_report(read: Read, report: Report) -> Judged:
    """Return what the model has just said of an article."""
    article = report.article
    return Judged(
        source=str(read.source),
        id=article.id,
        url=article.url,
        day=_day(read.rest),
        version=report.model.version,
        line_count=report.line_count,
        verdicts=report.verdicts,
        runs=mark_surroundings(report),
    )


def is_verdict(row: Row) -> bool:
    """Say whether a row is an answer of ``/classify`` and not an article."""
    return isinstance(row.content, dict) and "text" not in row.content and "lines" in row.content and "line_count" in row.content


def from_verdict(row: Row) -> Judged:
    """Return what a row of ``saring classify --jsonl`` says; the article's other lines are not in it.

    Raises
    ------
    service.submissions.InputError
        If the row is not what ``/classify`` answers.
    """
    content = row.content
    try:
        verdicts = tuple(_verdict(line) for line in content["lines"])
        lines = [mark_line(verdict.line, verdict) for verdict in verdicts]
        return Judged(
            source=str(row.source),
            id=None if content.get("id") is None else str(content["id"]),
            url=content["url"] if isinstance(content.get("url"), str) else None,
            day=_day(content),
            version=str(content["model"]["version"]),
            line_count=int(content["line_count"]),
            verdicts=verdicts,
            runs=[lines] if lines else [],
        )
    except KeyError as error:
        raise InputError(f"a verdict without {error.args[0]}") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise InputError(f"not a verdict: {error}") from None


def _verdict(content: Any) -> Verdict:
    line = Line(int(content["number"]), int(content["start"]), int(content["end"]), str(content["text"]))
    spans = tuple(Span(int(start), int(end)) for start, end in content["spans"])
    if len(line.text) != line.end - line.start or any(not line.start <= span.start < span.end <= line.end for span in spans):
        raise ValueError(f"offsets of line {line.number} do not fit its text")
    reasons = tuple(Reason(str(reason["code"]), str(reason["message"])) for reason in content["reasons"])
    return Verdict(line, str(content["label"]), float(content["score"]), spans, reasons)


def _day(content: Mapping[str, Any]) -> date | None:
    for field in DAY_FIELDS:
        value = content.get(field)
        if isinstance(value, str):
            try:
                return datetime.fromisoformat(value).date()
            except ValueError:
                continue
    return None
