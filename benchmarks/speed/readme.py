"""The tables of the last run in the two README.md, between comments that mark their place."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.speed.tables import details, summary

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "speed.json"
BEGIN, END = "<!-- speed.json begins here; `make bench` writes this -->", "<!-- speed.json ends here -->"
TABLES: Mapping[Path, Callable[[Mapping[str, Any]], str]] = {ROOT / "README.md": summary, ROOT / "benchmarks" / "README.md": details}


def with_tables(page: str, tables: str) -> str:
    """Return `page` with `tables` in their place.

    Raises
    ------
    ValueError
        If the page does not mark one.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("no place for the tables is marked")
    return f"{before}{begin}\n\n{tables}\n\n{end}{after}"


def update_readmes() -> None:
    """Put the tables of the last run into both pages."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    for path, tables in TABLES.items():
        path.write_text(with_tables(path.read_text(encoding="utf-8"), tables(results)), encoding="utf-8")
