"""Labels from a database: the rows of its table or view ``labels``, whose columns are those of a file of labels.

A database of the service has no such table; there, the decided lines are the labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, MetaData, Select, String, Table, create_engine, inspect, literal, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from training.errors import DataError

TABLE = "labels"
LINES, ARTICLES, DECIDED = "lines", "articles", ("confirmed", "rejected")  # of the service's database
BLOCK = 5_000  # rows that are fetched at a time


def is_database(source: object) -> bool:
    """Tell a database's URL from the path of a file."""
    return isinstance(source, str) and "://" in source


def shown(url: str) -> str:
    """Return a URL as it may be printed: without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return url.split("://")[0] + "://…"


def iterate_labels(url: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the rows of ``labels`` with their numbers from 1, in the order of ``id`` where there is such a column.

    Rows are fetched a block at a time, so that memory does not grow with the table.

    Raises
    ------
    DataError
        If the database cannot be reached, or has no such table or view with the columns that labels need.
    """
    try:
        engine = create_engine(url)
    except (ArgumentError, ModuleNotFoundError, ValueError) as error:
        raise DataError(f"{shown(url)}: {_reason(error)}") from None
    try:
        with engine.connect().execution_options(yield_per=BLOCK) as connection:
            for number, row in enumerate(connection.execute(_query(connection, shown(url))).mappings(), 1):
                yield number, _with_spans(dict(row))
    except SQLAlchemyError as error:
        raise DataError(f"{shown(url)}: {_reason(error)}") from None
    finally:
        engine.dispose()


def _with_spans(row: dict[str, Any]) -> dict[str, Any]:
    within = row.pop("within", None)
    if within is not None and row["label"] != "clean":
        row |= {"spans": [[start, end, row["label"]] for start, end in within], "kind": "line"}
    return row


def _query(connection: Connection, name: str) -> Select[Any]:
    known = inspect(connection)
    if TABLE in (*known.get_table_names(), *known.get_view_names()):
        table = Table(TABLE, MetaData(), autoload_with=connection)
        columns = table.columns
        if "text" not in columns or not {"label", "spans"} & set(columns.keys()):
            raise DataError(f"{name}: {TABLE} needs a column text and one of label and spans, has {', '.join(columns.keys())}")
        return select(table).order_by(*([columns.id] if "id" in columns else []))
    if not {LINES, ARTICLES} <= set(known.get_table_names()):
        raise DataError(f"{name}: has no table or view named {TABLE}, and is no database of the service")
    lines, articles = (Table(part, MetaData(), autoload_with=connection, resolve_fks=False) for part in (LINES, ARTICLES))
    c = lines.columns
    return (
        select(
            (literal("line-") + c.id.cast(String)).label("id"),
            c.text,
            c.decided_label.label("label"),
            c.decided_by.label("reviewer"),
            c.near_key.label("group"),
            c.site.label("source"),
            articles.c.lang,
            c.decided_spans.label("within"),
        )
        .join_from(lines, articles, c.article_id == articles.c.id)
        .where(c.decided_label.is_not(None), c.state.in_(DECIDED))
        .order_by(c.id)
    )


def _reason(error: Exception) -> str:
    """Return the first line of what went wrong; drivers append the statement, and advice, in others."""
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
