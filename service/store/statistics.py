"""What reports count, counted by the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from service.reports.figures import Brand, Figures, Site, Version
from service.reports.periods import Period
from service.store.schema import DECIDED, REJECTED, brands, counts, lines

MOST_NAMES = 500


def read_figures(connection: Connection, period: Period) -> Figures:
    """Count the lines that the model flagged for the first time within a period. Lines that it missed are not among them."""
    count = func.count()
    days = connection.execute(_within(period, lines.c.day, lines.c.label, count).group_by(lines.c.day, lines.c.label)).all()
    labels: dict[str, int] = {}
    for _, label, number in days:
        labels[label] = labels.get(label, 0) + number
    judged = connection.execute(
        select(func.sum(counts.c.articles), func.sum(counts.c.lines)).where(counts.c.day.between(period.since, period.until))
    ).one()
    return Figures(
        flagged=sum(labels.values()),
        flagged_articles=connection.execute(_within(period, func.count(lines.c.article_id.distinct()))).scalar_one(),
        articles=int(judged[0] or 0),
        lines=int(judged[1] or 0),
        days={(day, label): number for day, label, number in sorted(days, key=lambda row: (row[0], row[1]))},
        labels=dict(sorted(labels.items(), key=lambda item: (-item[1], item[0]))),
        sites=_sites(connection, period),
        brands=_brands(connection, period),
        versions=_versions(connection, period),
    )


def _within(period: Period, *columns: Any) -> Select[Any]:
    return select(*columns).where(lines.c.day.between(period.since, period.until), lines.c.missed_by.is_(None))


def _sites(connection: Connection, period: Period) -> tuple[Site, ...]:
    number = func.count().label("number")
    query = _within(period, lines.c.site, func.count(lines.c.article_id.distinct()), number, func.max(lines.c.day)).where(
        lines.c.site != ""
    )
    rows = connection.execute(query.group_by(lines.c.site).order_by(number.desc(), lines.c.site).limit(MOST_NAMES))
    return tuple(Site(*row) for row in rows)


def _brands(connection: Connection, period: Period) -> tuple[Brand, ...]:
    """Count by brand. A name was seen first when the store saw it first, be that before the period."""
    number = func.count().label("number")
    sites = func.count(case((lines.c.site != "", lines.c.site)).distinct())
    query = _within(period, lines.c.brand, number, sites, func.max(lines.c.day)).where(lines.c.brand != "")
    rows = connection.execute(query.group_by(lines.c.brand).order_by(number.desc(), lines.c.brand).limit(MOST_NAMES)).all()
    names = [row[0] for row in rows]
    since = {row.name: row.first_seen.date() for row in connection.execute(select(brands).where(brands.c.name.in_(names)))}
    return tuple(Brand(name, count, sites, since.get(name), last) for name, count, sites, last in rows)


def _versions(connection: Connection, period: Period) -> tuple[Version, ...]:
    decided = func.count(case((lines.c.state.in_(DECIDED), 1)))
    rejected = func.count(case((lines.c.state == REJECTED, 1)))
    query = _within(period, lines.c.model_version, func.count(), decided, rejected).group_by(lines.c.model_version)
    return tuple(Version(*row) for row in connection.execute(query.order_by(lines.c.model_version)))
