"""Views as files: CSV for spreadsheets, JSONL for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date

from service.reports.views import Value, View


def to_csv(view: View) -> Iterator[str]:
    """Yield the header and the rows.

    Names of sites and brands come from strangers: those that a spreadsheet would run as a formula get an apostrophe in front.
    """
    yield _csv_row([column.key for column in view.columns])
    for row in view.rows:
        yield _csv_row([_harmless(value) if isinstance(value, str) else _plain(value) for value in row])


def to_jsonl(view: View) -> Iterator[str]:
    """Yield one object a row, its keys those of the columns, days as ISO 8601."""
    for row in view.rows:
        content = {column.key: _plain(value) for column, value in zip(view.columns, row, strict=True)}
        yield json.dumps(content, ensure_ascii=False).translate({0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}) + "\n"


def _plain(value: Value) -> str | int | float | None:
    if isinstance(value, date):
        return value.isoformat()
    return round(value, 6) if isinstance(value, float) else value


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _csv_row(values: list[str | int | float | None]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(values)
    return buffer.getvalue()
