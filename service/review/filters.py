"""What a reviewer asks the queue for, from the address of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from service.reports.periods import parse_day
from service.submissions import InputError

STATES = (("open", "To decide"), ("decided", "Decided"), ("confirmed", "Confirmed"), ("rejected", "Rejected"), ("all", "All"))
MOST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """Which lines to show; None for whatever is not asked for. Days are in UTC, both included."""

    state: str = "open"
    text: str | None = None
    label: str | None = None
    site: str | None = None
    version: str | None = None
    low: float | None = None
    high: float | None = None
    since: date | None = None
    until: date | None = None

    def query(self) -> dict[str, str]:
        """Return what an address says to ask for these lines."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value is not None and (name, value) != ("state", "open")}


def parse_filters(values: Mapping[str, str]) -> Filters:
    """Return the filters that an address asks for; empty fields are those of a form that nobody filled in.

    Raises
    ------
    InputError
        If a state is unknown, a score is not a number from 0 to 1, a day not a date, or a text too long.
    """
    state = values.get("state") or "open"
    if state not in dict(STATES):
        raise InputError(f"must be one of {', '.join(dict(STATES))}", field="state")
    texts = {name: values.get(name, "").strip() or None for name in ("text", "label", "site", "version")}
    for name, text in texts.items():
        if text and (len(text) > MOST_TEXT or "\0" in text):
            raise InputError(f"must have at most {MOST_TEXT} characters, and no NUL", field=name)
    if texts["site"]:
        texts["site"] = texts["site"].lower().removeprefix("www.")
    return Filters(
        state=state,
        **texts,
        low=_score(values, "low"),
        high=_score(values, "high"),
        since=parse_day(values, "since"),
        until=parse_day(values, "until"),
    )


def _score(values: Mapping[str, str], field: str) -> float | None:
    value = values.get(field, "").strip()
    try:
        score = float(value) if value else None
    except ValueError:
        raise InputError("must be a number", field=field) from None
    if score is not None and not 0 <= score <= 1:
        raise InputError("must lie between 0 and 1", field=field)
    return score
