"""One self-contained HTML page on the flagged lines of many articles, for sending around."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from model import Verdict
from service.reports.figures import Figures, Flag, Tally
from service.reports.judged import Judged
from service.reports.periods import Period
from service.reports.views import build_views

_SERVICE = Path(__file__).parent.parent
_STYLES = ("style.css", "reports.css")
MOST_ARTICLES = 200


class ReportPage:
    """Counts every article that is added and keeps the first `most` in which something was flagged."""

    def __init__(self, most: int = MOST_ARTICLES) -> None:
        self.most = most
        self.sections: list[Judged] = []
        self._tally = Tally()
        self._versions: set[str] = set()

    @property
    def articles(self) -> int:
        return self._tally.articles

    @property
    def flagged_articles(self) -> int:
        return self.figures().flagged_articles

    def figures(self) -> Figures:
        return self._tally.figures()

    def add(self, judged: Judged) -> None:
        self._tally.add_article(judged.line_count)
        self._versions.add(judged.version)
        for verdict in judged.verdicts:
            self._tally.add(Flag(verdict.label, judged.version, judged.source, judged.day, judged.site, _brand(verdict)))
        if judged.verdicts and len(self.sections) < self.most:
            self.sections.append(judged)

    def render(self, unreadable: int = 0) -> str:
        """Return the page; ``unreadable`` articles are named as missing."""
        return render(self.figures(), self.sections, sorted(self._versions), unreadable)


def render(figures: Figures, sections: list[Judged], versions: list[str], unreadable: int = 0, period: Period | None = None) -> str:
    """Return the page as HTML that needs nothing from elsewhere; ``period`` is what it covers, if that is known."""
    decided = any(version.decided for version in figures.versions)
    environment = Environment(loader=FileSystemLoader(_SERVICE / "templates"), autoescape=select_autoescape())
    return environment.get_template("report.html").render(
        figures=figures,
        views=[view.known() for view in build_views(figures) if view.rows and (view.name != "versions" or decided)],
        sections=sections,
        versions=versions,
        unreadable=unreadable,
        period=period,
        written=datetime.now(UTC),
        style="\n".join((_SERVICE / "static" / name).read_text(encoding="utf-8") for name in _STYLES),
    )


def _brand(verdict: Verdict) -> str:
    # Imported here, because the package loads SQLAlchemy; names of a report are found as those of the store are.
    from service.store.brands import find_brand

    start = verdict.line.start
    return find_brand(verdict.line.text, [(low - start, high - start) for low, high in verdict.spans])
