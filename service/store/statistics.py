"""What reports count, counted by the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, CursorResult, Select, case, func, select

from service.reports.figures import Brand, Figures, Site, Version
from service.reports.periods import Period
from service.store.schema import DECIDED, REJECTED, brands, counts, lines


def read_figures(connection: Connection, period: Period, view: str | None = None) -> Figures:
    """Count the lines that the model flagged for the first time within a period. Lines that it missed are not among them.

    For one view of `service.reports.views` alone, sites and brands that it does not show are left out: each takes a pass over the lines.
    """
    judged = connection.execute(
        select(func.sum(counts.c.articles), func.sum(counts.c.lines)).where(counts.c.day.between(period.since, period.until))
    ).one()
    days: Counter[tuple[date, str]] = Counter()
    labels: Counter[str] = Counter()
    versions: dict[str, Counter[str]] = defaultdict(Counter)
    for day, label, version, state, number in _grouped(
        connection, period, lines.c.day, lines.c.label, lines.c.model_version, lines.c.state
    ):
        days[day, label] += number
        labels[label] += number
        versions[version][state] += number
    sites, flagged_articles = _sites(connection, period) if view in (None, "sites") else ((), 0)
    return Figures(
        flagged=labels.total(),
        flagged_articles=flagged_articles,
        articles=int(judged[0] or 0),
        lines=int(judged[1] or 0),
        days=dict(sorted(days.items())),
        labels=dict(sorted(labels.items(), key=lambda item: (-item[1], item[0]))),
        sites=sites,
        brands=_brands(connection, period) if view in (None, "brands", "new-brands") else (),
        versions=tuple(
            Version(name, states.total(), sum(states[state] for state in DECIDED), states[REJECTED])
            for name, states in sorted(versions.items())
        ),
    )


def _within(period: Period, *columns: Any) -> Select[Any]:
    return select(*columns).where(lines.c.day.between(period.since, period.until), lines.c.missed_by.is_(None))


def _grouped(connection: Connection, period: Period, *columns: Any) -> CursorResult[Any]:
    return connection.execute(_within(period, *columns, func.count()).group_by(*columns))


def _sites(connection: Connection, period: Period) -> tuple[tuple[Site, ...], int]:
    """Count by site, and all articles. Grouped in two steps, because databases count what is distinct by sorting all of it."""
    columns = (lines.c.site, lines.c.article_id, func.count().label("lines"), func.max(lines.c.day).label("last"))
    articles = _within(period, *columns).group_by(lines.c.site, lines.c.article_id).subquery()
    number = func.sum(articles.c.lines).label("number")
    query = select(articles.c.site, func.count(), number, func.max(articles.c.last)).group_by(articles.c.site)
    rows = connection.execute(query.order_by(number.desc(), articles.c.site)).all()
    return tuple(Site(name, count, int(flagged), last) for name, count, flagged, last in rows if name), sum(row[1] for row in rows)


def _brands(connection: Connection, period: Period) -> tuple[Brand, ...]:
    """Count by brand. A name was seen first when the store saw it first, be that before the period."""
    columns = (lines.c.brand, lines.c.site, func.count().label("lines"), func.max(lines.c.day).label("last"))
    sites = _within(period, *columns).where(lines.c.brand != "").group_by(lines.c.brand, lines.c.site).subquery()
    number, known = func.sum(sites.c.lines).label("number"), func.count(case((sites.c.site != "", 1))).label("sites")
    named = select(sites.c.brand, number, known, func.max(sites.c.last).label("last")).group_by(sites.c.brand).subquery()
    query = select(named.c.brand, named.c.number, named.c.sites, brands.c.first_seen, named.c.last)
    query = query.outerjoin_from(named, brands, named.c.brand == brands.c.name)
    rows = connection.execute(query.order_by(named.c.number.desc(), named.c.brand))
    return tuple(Brand(name, int(count), on, first and first.date(), last) for name, count, on, first, last in rows)
