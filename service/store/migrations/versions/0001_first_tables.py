"""The first tables.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "articles",
        sa.Column("id", Key, nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("site", sa.String(length=255), nullable=False),
        sa.Column("lang", sa.String(length=40), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("model_version", sa.String(length=80), nullable=False),
        sa.Column("first_seen", Moment, nullable=False),
        sa.Column("last_seen", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
    )
    op.create_index("ix_articles_last_seen", "articles", ["last_seen"], unique=False)
    op.create_index("ix_articles_text_digest", "articles", ["text_digest"], unique=True)
    op.create_table(
        "brands",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("first_seen", Moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_brands")),
    )
    op.create_table(
        "counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("model_version", sa.String(length=80), nullable=False),
        sa.Column("articles", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("flagged_articles", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "model_version", name=op.f("pk_counts")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", Key, nullable=False),
        sa.Column("reviewer", sa.String(length=80), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("undone_by", sa.String(length=80), nullable=True),
        sa.Column("undone_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_table(
        "outboxes",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_outboxes")),
    )
    op.create_table(
        "article_ids",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("article_id", Key, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_ids_article_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_article_ids")),
    )
    op.create_index("ix_article_ids_article_id", "article_ids", ["article_id"], unique=False)
    op.create_table(
        "lines",
        sa.Column("id", Key, nullable=False),
        sa.Column("article_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("model_version", sa.String(length=80), nullable=False),
        sa.Column("site", sa.String(length=255), nullable=False),
        sa.Column("brand", sa.String(length=64), nullable=False),
        sa.Column("near_key", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("leader", sa.Boolean(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("seen", Moment, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("missed_by", sa.String(length=80), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decision_id", Key, nullable=True),
        sa.Column("decided_label", sa.String(length=40), nullable=True),
        sa.Column("decided_spans", sa.JSON(), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_lines_article_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lines")),
    )
    op.create_index("ix_lines_article_id", "lines", ["article_id"], unique=False)
    op.create_index("ix_lines_day", "lines", ["day"], unique=False)
    op.create_index("ix_lines_decision_id", "lines", ["decision_id"], unique=False)
    if postgresql:
        op.create_index(
            "ix_lines_folded", "lines", ["folded"], unique=False, postgresql_using="gin", postgresql_ops={"folded": "gin_trgm_ops"}
        )
    op.create_index(
        "ix_lines_leader", "lines", ["near_key"], unique=True, postgresql_where=sa.text("leader"), sqlite_where=sa.text("leader")
    )
    op.create_index("ix_lines_near_key", "lines", ["near_key", "state", "rank", "id"], unique=False)
    op.create_index("ix_lines_open", "lines", ["state", "rank", "id"], unique=False)
    op.create_index(
        "ix_lines_queue", "lines", ["rank", "id"], unique=False, postgresql_where=sa.text("leader"), sqlite_where=sa.text("leader")
    )
    op.create_index("ix_lines_site", "lines", ["site", "state", "rank", "id"], unique=False)
    op.create_table(
        "decision_lines",
        sa.Column("decision_id", Key, nullable=False),
        sa.Column("line_id", Key, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_lines_decision_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_decision_lines_line_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("decision_id", "line_id", name=op.f("pk_decision_lines")),
    )
    op.create_index("ix_decision_lines_line_id", "decision_lines", ["line_id"], unique=False)


def downgrade() -> None:
    for table in ("decision_lines", "lines", "article_ids", "outboxes", "decisions", "counts", "brands", "articles"):
        op.drop_table(table)
