"""Bringing the tables of a database to what this version needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from service.store.engine import StoreError, reason

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x5A21  # any number, the same for all who upgrade


def upgrade(engine: Engine) -> tuple[str | None, str | None]:
    """Run the migrations that are missing, all or none, and return the versions before and after.

    Raises
    ------
    StoreError
        If the database cannot be reached or changed, or was made by a newer version of this program.
    """
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                # Two services that start at the same moment upgrade one after the other.
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            before = _version(connection)
            command.upgrade(configuration(connection), "head")
            return before, _version(connection)
    except SQLAlchemyError as error:
        raise StoreError(f"the database cannot be upgraded: {reason(error)}") from None
    except CommandError as error:
        raise StoreError(f"the database cannot be upgraded: {error}") from None


def configuration(connection: Connection | None = None) -> Config:
    """Return what Alembic needs to know."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
