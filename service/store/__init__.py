"""Flagged articles and what people said of them, in SQLite or PostgreSQL.

`Store` answers everything that the pages of reviewers ask (`service.review.desk.Desk`), and saves reports; `Keeper` stands before it in a
running service and keeps reports on disk while the database is away. Both import SQLAlchemy, so nothing imports this package unless a
database is configured.
"""

from service.store.engine import StoreError
from service.store.keeper import Keeper
from service.store.outbox import Outbox
from service.store.store import Store

__all__ = ["Keeper", "Outbox", "Store", "StoreError"]
