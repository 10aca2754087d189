"""Indexes for reports, for counting the queue and for views of what was decided.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

COUNTED = ["day", "site", "brand", "label", "model_version", "state", "article_id"]


def upgrade() -> None:
    flagged = sa.text("missed_by IS NULL")
    op.create_index("ix_lines_figures", "lines", COUNTED, unique=False, postgresql_where=flagged, sqlite_where=flagged)
    op.drop_index("ix_lines_day", "lines")
    op.drop_index("ix_lines_open", "lines")
    op.create_index("ix_lines_open", "lines", ["state", "rank", "id", "current"], unique=False)
    op.drop_index("ix_lines_decision_id", "lines")
    op.create_index("ix_lines_decision_id", "lines", ["decision_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_lines_decision_id", "lines")
    op.create_index("ix_lines_decision_id", "lines", ["decision_id"], unique=False)
    op.drop_index("ix_lines_open", "lines")
    op.create_index("ix_lines_open", "lines", ["state", "rank", "id"], unique=False)
    op.create_index("ix_lines_day", "lines", ["day"], unique=False)
    op.drop_index("ix_lines_figures", "lines")
