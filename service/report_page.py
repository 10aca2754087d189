"""One self-contained HTML page on the flagged lines of many articles."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from model import ModelInfo, Report
from service.marking import MarkedLine, mark_surroundings

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Section:
    """A flagged article: where it came from, its flagged lines in their surroundings."""

    source: str
    report: Report
    runs: list[list[MarkedLine]]


class ReportPage:
    """Counts every report that is added and keeps those in which something was flagged."""

    def __init__(self, model: ModelInfo, threshold: float) -> None:
        self.model = model
        self.threshold = threshold
        self.articles = 0
        self.lines = 0
        self.labels: Counter[str] = Counter()
        self.sections: list[Section] = []

    @property
    def flagged_articles(self) -> int:
        return len(self.sections)

    def add(self, source: str, report: Report) -> None:
        self.articles += 1
        self.lines += report.line_count
        self.labels.update(verdict.label for verdict in report.verdicts)
        if report.flagged:
            self.sections.append(Section(source, report, mark_surroundings(report)))

    def render(self, unreadable: int = 0) -> str:
        """Return the page; ``unreadable`` articles are named as missing."""
        environment = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=select_autoescape())
        return environment.get_template("report.html").render(
            page=self,
            flagged_lines=sum(self.labels.values()),
            unreadable=unreadable,
            written=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            style=(_HERE / "static" / "style.css").read_text(encoding="utf-8"),
        )
