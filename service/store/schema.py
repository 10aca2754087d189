"""The tables. A change here needs a migration: a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

CLEAN = "clean"
# An unflagged line is one that somebody marked as missed and then took back: nothing holds of it.
OPEN, CONFIRMED, REJECTED, UNFLAGGED = "open", "confirmed", "rejected", "unflagged"
DECIDED, UNDECIDED = (CONFIRMED, REJECTED), (OPEN, UNFLAGGED)


class Moment(TypeDecorator[datetime]):
    """A time in UTC, aware of it. SQLite knows no time zones, so it gets what the clock in UTC says."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows by itself only where the key is an INTEGER.
Key = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

articles = Table(
    "articles",
    metadata,
    Column("id", Key, primary_key=True),
    Column("text_digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("name", Text, nullable=False),  # the id of whoever submitted it last, or the start of its text
    Column("url", Text),
    Column("site", String(255), nullable=False),
    Column("lang", String(40), nullable=False),
    Column("line_count", Integer, nullable=False),
    Column("model_version", String(80), nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Index("ix_articles_text_digest", "text_digest", unique=True),
    Index("ix_articles_last_seen", "last_seen"),
)

# Every id under which an article was submitted. Ids have any length, and keys of an index do not: hence the digest.
article_ids = Table(
    "article_ids",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("article_id", Key, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Index("ix_article_ids_article_id", "article_id"),
)

# Spans count from the start of their line. `rank` orders the queue; `leader` is the first open line of its near-duplicates, the one shown.
# A line that is no longer `current` has left its article, and stays because somebody decided it.
lines = Table(
    "lines",
    metadata,
    Column("id", Key, primary_key=True),
    Column("article_id", Key, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("label", String(40), nullable=False),
    Column("score", Double, nullable=False),
    Column("spans", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("model_version", String(80), nullable=False),
    Column("site", String(255), nullable=False),
    Column("brand", String(64), nullable=False),
    Column("near_key", String(32), nullable=False),
    Column("rank", BigInteger, nullable=False),
    Column("leader", Boolean, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("day", Date, nullable=False),
    Column("missed_by", String(80)),
    Column("revision", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("decision_id", Key),
    Column("decided_label", String(40)),
    Column("decided_spans", JSON),
    Column("decided_by", String(80)),
    Column("decided_at", Moment),
)
Index("ix_lines_article_id", lines.c.article_id)
# Two writers that both make a line the leader of its group collide here, and the later one tries again.
Index("ix_lines_leader", lines.c.near_key, unique=True, postgresql_where=lines.c.leader, sqlite_where=lines.c.leader)
Index("ix_lines_queue", lines.c.rank, lines.c.id, postgresql_where=lines.c.leader, sqlite_where=lines.c.leader)
Index("ix_lines_near_key", lines.c.near_key, lines.c.state, lines.c.rank, lines.c.id)
Index("ix_lines_open", lines.c.state, lines.c.rank, lines.c.id, lines.c.current)
Index("ix_lines_decision_id", lines.c.decision_id, lines.c.id)
Index("ix_lines_site", lines.c.site, lines.c.state, lines.c.rank, lines.c.id)
# All that reports count, so that they read the index and not the lines.
Index(
    "ix_lines_figures",
    *(lines.c[name] for name in ("day", "site", "brand", "label", "model_version", "state", "article_id")),
    postgresql_where=lines.c.missed_by.is_(None),
    sqlite_where=lines.c.missed_by.is_(None),
)
# Trigrams make LIKE '%…%' quick. SQLite reads all lines for that.
Index("ix_lines_folded", lines.c.folded, postgresql_using="gin", postgresql_ops={"folded": "gin_trgm_ops"}).ddl_if(dialect="postgresql")

# One act of one person, on one line or on a group of them.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("reviewer", String(80), nullable=False),
    Column("at", Moment, nullable=False),
    Column("label", String(40), nullable=False),
    Column("undone_by", String(80)),
    Column("undone_at", Moment),
)

# What a line was before and after a decision: {"state", "decision_id", "label", "spans", "by", "at"}.
decision_lines = Table(
    "decision_lines",
    metadata,
    Column("decision_id", Key, ForeignKey("decisions.id", ondelete="CASCADE"), primary_key=True),
    Column("line_id", Key, ForeignKey("lines.id", ondelete="CASCADE"), primary_key=True),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Index("ix_decision_lines_line_id", "line_id"),
)

# When a name was seen first. It outlives its lines: a name is not new because an article was purged.
brands = Table("brands", metadata, Column("name", String(64), primary_key=True), Column("first_seen", Moment, nullable=False))

# What was judged, whether or not anything was flagged.
counts = Table(
    "counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("model_version", String(80), primary_key=True),
    Column("articles", BigInteger, nullable=False),
    Column("lines", BigInteger, nullable=False),
    Column("flagged_articles", BigInteger, nullable=False),
)

# How far each queue on disk has been read: what a broken connection left in doubt is not stored twice.
outboxes = Table("outboxes", metadata, Column("name", String(32), primary_key=True), Column("last", BigInteger, nullable=False))
