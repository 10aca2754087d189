"""Keeping what arrives: an article that is there already, by its id or its text, is brought up to date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from service.store import order
from service.store.arrivals import Arrival
from service.store.flags import put_lines, withdraw_lines
from service.store.places import find_article, put_article
from service.store.schema import article_ids, articles, counts
from service.store.sql import upsert


def save(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """Keep these arrivals in order, all or none."""
    _count(connection, arrivals)
    known = _known(connection, arrivals)
    touched: set[str] = set()  # groups of near-duplicates whose first line may be another now
    for arrival in arrivals:
        digests = {arrival.text_digest, arrival.id_digest} - {None}
        found = find_article(connection, arrival, touched) if digests & known else None
        if arrival.article is not None:
            article_id = put_article(connection, found, arrival, arrival.article)
            put_lines(connection, article_id, arrival, arrival.article, touched)
            known |= digests
        elif found is not None:
            withdraw_lines(connection, found, arrival.text_digest, touched)
    order.appoint(connection, touched)


def _known(connection: Connection, arrivals: Sequence[Arrival]) -> set[str | None]:
    """Return which of the texts and ids are there: most articles are new, and then nobody has to look again."""
    texts = {arrival.text_digest for arrival in arrivals}
    ids = {arrival.id_digest for arrival in arrivals if arrival.id_digest}
    known: set[str | None] = set(connection.execute(select(articles.c.text_digest).where(articles.c.text_digest.in_(texts))).scalars())
    if ids:
        known |= set(connection.execute(select(article_ids.c.digest).where(article_ids.c.digest.in_(ids))).scalars())
    return known


def _count(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    judged: Counter[tuple[date, str]] = Counter()
    lines: Counter[tuple[date, str]] = Counter()
    flagged: Counter[tuple[date, str]] = Counter()
    for arrival in arrivals:
        key = (arrival.when.date(), arrival.model_version)
        judged[key] += 1
        lines[key] += arrival.line_count
        flagged[key] += bool(arrival.verdicts)
    # Sorted, so that two writers wait for each other and do not lock each other out.
    for day, version in sorted(judged):
        key = (day, version)
        row = {"articles": judged[key], "lines": lines[key], "flagged_articles": flagged[key]}
        statement = upsert(connection, counts).values(day=day, model_version=version, **row)
        more = {name: counts.c[name] + statement.excluded[name] for name in row}
        connection.execute(statement.on_conflict_do_update(index_elements=[counts.c.day, counts.c.model_version], set_=more))
