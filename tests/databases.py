"""Databases that tests make and drop again: a SQLite file, and one in the PostgreSQL on this machine if there is one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests.conftest import skip_or_fail

SERVER = "postgresql://postgres@127.0.0.1:5432"
KINDS = ("sqlite", "postgresql")


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'store.db'}"
        return
    name = f"saring_test_{uuid.uuid4().hex}"
    _run("CREATE DATABASE {}", name)
    try:
        yield f"{SERVER}/{name}"
    finally:
        _run("DROP DATABASE {} WITH (FORCE)", name)


def _run(statement: str, name: str) -> None:
    try:
        with psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=20) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
    except psycopg.OperationalError as error:
        skip_or_fail(f"no PostgreSQL at 127.0.0.1:5432: {error}")
