"""Which stored article an arrival is, and its row."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from model import Article
from service.reports.judged import site_of
from service.store.arrivals import Arrival
from service.store.schema import DECIDED, article_ids, articles, lines
from service.store.sql import upsert

MOST_NAME = 200
MOST_SITE = 255


def find_article(connection: Connection, arrival: Arrival, touched: set[str]) -> int | None:
    """Return the stored article with the arrival's id or text.

    An id may be that of one article and the text that of another: the second is what the id means from now on, and the first goes unless
    it has other ids.
    """
    by_text: int | None = connection.execute(select(articles.c.id).where(articles.c.text_digest == arrival.text_digest)).scalar()
    by_id: int | None = None
    if arrival.id_digest:
        by_id = connection.execute(select(article_ids.c.article_id).where(article_ids.c.digest == arrival.id_digest)).scalar()
    if by_text is None or by_id is None or by_id == by_text:
        return by_id if by_text is None else by_text
    connection.execute(update(article_ids).where(article_ids.c.digest == arrival.id_digest).values(article_id=by_text))
    if connection.execute(select(article_ids.c.digest).where(article_ids.c.article_id == by_id).limit(1)).scalar() is None:
        _absorb(connection, by_id, by_text, touched)
    return by_text


def _absorb(connection: Connection, gone: int, kept: int, touched: set[str]) -> None:
    """Delete an article; what people decided of it moves to another one, as lines that left it."""
    touched |= set(connection.execute(select(lines.c.near_key).where(lines.c.article_id == gone)).scalars())
    decided = (lines.c.article_id == gone) & (lines.c.state.in_(DECIDED))
    connection.execute(update(lines).where(decided).values(article_id=kept, current=False))
    connection.execute(delete(articles).where(articles.c.id == gone))


def put_article(connection: Connection, found: int | None, arrival: Arrival, article: Article) -> int:
    """Write the row of an article, a new one unless it was `found`, and return its key."""
    row = {
        "text_digest": arrival.text_digest,
        "text": article.text,
        "name": _name(article),
        "url": _storable(article.url) if article.url else None,
        "site": _storable(site_of(article.url))[:MOST_SITE],
        "lang": _storable(article.lang or "")[:40],
        "line_count": arrival.line_count,
        "model_version": arrival.model_version,
        "last_seen": arrival.when,
    }
    if found is None:
        result = connection.execute(insert(articles).values(first_seen=arrival.when, **row))
        found = int(result.inserted_primary_key[0])  # type: ignore[index]
    else:
        if article.url is None:
            del row["url"], row["site"]  # who submits it again without its URL does not mean that it has none
        connection.execute(update(articles).where(articles.c.id == found).values(**row))
    if arrival.id_digest:
        known = upsert(connection, article_ids).values(digest=arrival.id_digest, article_id=found)
        connection.execute(known.on_conflict_do_update(index_elements=[article_ids.c.digest], set_={"article_id": found}))
    return found


def _name(article: Article) -> str:
    first = next((line.strip() for line in article.text.splitlines() if line.strip()), "")
    return _storable(article.id or first)[:MOST_NAME]


def _storable(value: str) -> str:
    """PostgreSQL keeps no NUL; texts have none, but ids and URLs may."""
    return value.replace("\0", "\ufffd")
