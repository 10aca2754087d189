"""The views of a report: each a table with a sentence that says what it shows, one of them with a plot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from service.reports.figures import Figures
from service.reports.plots import Columns, interval, stacked_columns

Kind = Literal["text", "count", "share", "day"]
Value = str | int | float | date | None

NEW_DAYS = 7
LABELS = ("gambling", "promotion")  # colours follow this order; labels that are not known come after
OTHER = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view; ``key`` names it in files. ``bar`` draws its counts beside each other."""

    key: str
    title: str
    kind: Kind = "text"
    bar: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A table, its rows in the order of ``columns``."""

    name: str
    title: str
    summary: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    plot: Columns | None = None

    def known(self) -> View:
        """Return this view without the columns of which nothing is known."""
        kept = [at for at, column in enumerate(self.columns) if any(row[at] is not None for row in self.rows)]
        rows = tuple(tuple(row[at] for at in kept) for row in self.rows)
        return replace(self, columns=tuple(self.columns[at] for at in kept), rows=rows)

    def largest(self, index: int) -> float:
        """Return the largest number of a column, 1 if there is none: what the longest bar stands for."""
        return max((float(row[index]) for row in self.rows if isinstance(row[index], int | float)), default=0) or 1  # type: ignore[arg-type]

    def colour(self, row: tuple[Value, ...]) -> int:
        """Return the series whose colour the bar of a row takes: that of its label, if the rows are labels."""
        if self.name != "labels":
            return OTHER
        return LABELS.index(row[0]) if row[0] in LABELS else OTHER


def build_views(figures: Figures) -> list[View]:
    """Return every view, in the order in which a report shows them."""
    return [_days(figures), _sites(figures), _brands(figures), _labels(figures), _new_brands(figures), _versions(figures)]


def _days(figures: Figures) -> View:
    labels = [*LABELS, *sorted({label for _, label in figures.days} - set(LABELS))]
    periods, width = _periods({day for day, _ in figures.days})
    counts = {label: [0] * len(periods) for label in labels}
    for (day, label), lines in figures.days.items():
        counts[label][(day - periods[0]).days // width] += lines
    totals = [sum(row) for row in zip(*counts.values(), strict=True)]
    unit = "day" if width == 1 else f"{width} days"
    summary = "No flagged line bears a date."
    if totals:
        most = max(range(len(totals)), key=totals.__getitem__)
        started = "" if width == 1 else "starting "
        days = "one day" if len(periods) * width == 1 else f"{len(periods) * width} days"
        summary = f"{sum(totals):,} lines flagged in {days}, most on {started}{_name(periods[most])} ({totals[most]:,})."
    rows = [(day, *(counts[label][index] for label in labels), totals[index]) for index, day in enumerate(periods)]
    plot = stacked_columns([_name(day) for day in periods], counts) if totals else None
    columns = [Column("day", "From" if width > 1 else "Day", "day"), *(Column(label, label.capitalize(), "count") for label in labels)]
    return View("days", f"Flagged lines per {unit}", summary, (*columns, Column("lines", "Lines", "count")), tuple(rows), plot)


def _periods(days: set[date]) -> tuple[list[date], int]:
    """Return the first days of equal periods without a gap, and their length: a day, or what keeps them to about sixty."""
    if not days:
        return [], 1
    length = (max(days) - min(days)).days + 1
    width = next((width for width in (1, 7, 28) if length <= 62 * width), length // 60 + 1)
    return [min(days) + timedelta(days=at) for at in range(0, length, width)], width


def _sites(figures: Figures) -> View:
    sites = figures.sites
    summary = "No flagged line came with the URL of its site."
    if sites:
        share = sum(site.lines for site in sites[:3]) / max(figures.flagged, 1)
        summary = f"{_count(len(sites), 'site')} with injected lines; the first {min(3, len(sites))} hold {share:.0%} of them."
    rows = tuple((site.name, site.lines, site.articles, site.last) for site in sites)
    columns = (
        Column("site", "Site"),
        Column("lines", "Lines", "count", bar=True),
        Column("articles", "Articles", "count"),
        Column("last", "Last", "day"),
    )
    return View("sites", "Sites with the most injections", summary, columns, rows)


def _labels(figures: Figures) -> View:
    total = max(figures.flagged, 1)
    rows = tuple((label, lines, lines / total) for label, lines in figures.labels.items())
    summary = ", ".join(f"{lines / total:.0%} {label}" for label, lines in figures.labels.items()) + "." if rows else "Nothing was flagged."
    columns = (Column("label", "Label"), Column("lines", "Lines", "count", bar=True), Column("share", "Share", "share"))
    return View("labels", "What was flagged", summary, columns, rows)


_BRAND_COLUMNS = (
    Column("brand", "Brand"),
    Column("lines", "Lines", "count", bar=True),
    Column("sites", "Sites", "count"),
    Column("first", "First seen", "day"),
    Column("last", "Last seen", "day"),
)


def _brands(figures: Figures) -> View:
    rows = tuple((brand.name, brand.lines, brand.sites, brand.first, brand.last) for brand in figures.brands)
    summary = f"{_count(len(rows), 'promoted name')}." if rows else "No promoted name was recognised."
    return View("brands", "Brands", summary, _BRAND_COLUMNS, rows)


def _new_brands(figures: Figures) -> View:
    latest = max((day for day, _ in figures.days), default=None)
    since = latest and latest - timedelta(days=NEW_DAYS - 1)
    new = sorted((b for b in figures.brands if b.first and since and b.first >= since), key=lambda b: (b.first, b.lines), reverse=True)
    rows = tuple((brand.name, brand.lines, brand.sites, brand.first, brand.last) for brand in new)
    when = f" since {_name(since)}" if since else ""
    summary = f"{_count(len(rows), 'name')} seen for the first time{when}." if rows else f"No new name{when}."
    return View("new-brands", "Newly seen brands", summary, _BRAND_COLUMNS, rows)


def _versions(figures: Figures) -> View:
    rows = []
    for version in figures.versions:
        rate: tuple[float | None, ...] = (None, None, None)
        if version.decided:
            rate = version.rejected / version.decided, *interval(version.rejected, version.decided)
        rows.append((version.name, version.flagged, version.decided, version.rejected, *rate))
    decided = sum(version.decided for version in figures.versions)
    rejected = sum(version.rejected for version in figures.versions)
    summary = "Nobody has decided a line yet, so nothing is known about false alarms."
    if decided:
        summary = f"Reviewers rejected {rejected:,} of {_count(decided, 'line')} that they decided, or {rejected / decided:.1%}."
    columns = (
        Column("version", "Model version"),
        Column("flagged", "Flagged", "count"),
        Column("decided", "Decided", "count"),
        Column("rejected", "Rejected", "count"),
        Column("rate", "False alarms", "share"),
        Column("low", "At least", "share"),
        Column("high", "At most", "share"),
    )
    return View("versions", "False alarms as reviewers see them", summary, columns, tuple(rows))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _name(day: date) -> str:
    return f"{day.day} {day:%b}"


def find_view(views: Iterable[View], name: str) -> View | None:
    """Return the view of that name, None if there is none."""
    return next((view for view in views if view.name == name), None)
