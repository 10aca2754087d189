"""Connections to the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

# The newest migration; a test compares it with the migrations.
REVISION = "0002"
CONNECT_SECONDS = 3
LOST_SECONDS = 10  # without a sign of life from the other machine
BUSY_SECONDS = 5
STATEMENT_SECONDS = 30


class StoreError(Exception):
    """A database that cannot be used; the message says why and holds no password."""


def open_engine(url: str) -> Engine:
    """Return an engine for ``sqlite:///file`` or ``postgresql://…``, which connects when it is first used.

    Raises
    ------
    StoreError
        If the URL cannot be understood, or is that of another kind of database.
    """
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if backend == "sqlite":
            return _open_sqlite(url)
        if backend == "postgresql":
            # A server that does not answer must not hold up those who can do without it.
            # Queries take milliseconds; compiling them takes longer.
            options = f"-c statement_timeout={STATEMENT_SECONDS * 1000} -c lock_timeout={BUSY_SECONDS * 1000} -c jit=off"
            arguments = {
                "connect_timeout": CONNECT_SECONDS,
                "tcp_user_timeout": LOST_SECONDS * 1000,
                "keepalives_idle": LOST_SECONDS,
                "options": options,
                "application_name": "saring",
            }
            return create_engine(parsed.set(drivername="postgresql+psycopg"), connect_args=arguments, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise StoreError("the database URL cannot be read; expected sqlite:///FILE or postgresql://USER@HOST/NAME") from None
    raise StoreError(f"databases of the kind {backend!r} are not supported; expected sqlite:///FILE or postgresql://USER@HOST/NAME")


def _open_sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, and not when the driver sees fit
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Whoever will write says so at once: two readers that turned writers would both fail.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


def check(engine: Engine) -> None:
    """Raise `StoreError` unless the database answers and has the tables that this version needs."""
    try:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError as error:
        if "alembic_version" in str(error.orig):
            raise StoreError("the database has no tables yet; run `saring db upgrade`") from None
        raise StoreError(f"the database cannot be reached: {reason(error)}") from None
    if found != REVISION:
        raise StoreError(f"the database is at version {found}, and this program needs {REVISION}; run `saring db upgrade`")


def reason(error: SQLAlchemyError) -> str:
    """Return the first line of what a driver says."""
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    return said.splitlines()[0] if said else type(error).__name__
