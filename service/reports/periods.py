"""The period that a report covers, from what a form or an address says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from service.submissions import InputError

DEFAULT_DAYS = 30
CHOICES = ((7, "Last 7 days"), (30, "Last 30 days"), (90, "Last 90 days"), (365, "Last year"))


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``since`` to ``until``, both included, in UTC; ``days`` is set if they were counted back from today."""

    since: date
    until: date
    days: int | None = None

    @property
    def start(self) -> datetime:
        return datetime.combine(self.since, time(), UTC)

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return datetime.combine(self.until + timedelta(days=1), time(), UTC)

    @property
    def query(self) -> dict[str, str]:
        """What an address says to ask for this period."""
        if self.days is not None:
            return {"days": str(self.days)}
        return {"since": self.since.isoformat(), "until": self.until.isoformat()}

    @property
    def words(self) -> str:
        return f"{self.since.day} {self.since:%b %Y} to {self.until.day} {self.until:%b %Y}, in UTC"


def parse_period(values: Mapping[str, str], today: date) -> Period:
    """Return the period that ``since`` and ``until``, or else ``days``, ask for.

    Raises
    ------
    InputError
        If a date is not one in ISO 8601, the period ends before it starts, or the number of days is not one from 1 to 3660.
    """
    since, until = parse_day(values, "since"), parse_day(values, "until")
    if since or until:
        until = until or max(today, since or today)
        since = since or until - timedelta(days=DEFAULT_DAYS - 1)
        if since > until:
            raise InputError("the period ends before it starts", field="until")
        return Period(since, until)
    days = values.get("days") or str(DEFAULT_DAYS)
    if not days.isascii() or not days.isdigit() or not 1 <= int(days[:9]) <= 3660:
        raise InputError("must be a number of days from 1 to 3660", field="days")
    return Period(today - timedelta(days=int(days) - 1), today, int(days))


def parse_day(values: Mapping[str, str], field: str) -> date | None:
    """Return the date of a field, None if it is empty.

    Raises
    ------
    InputError
        If it is not a date in ISO 8601 between the years 1970 and 9998.
    """
    value = values.get(field, "").strip()
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise InputError("must be a date such as 2026-11-30", field=field) from None
    if not 1970 <= day.year <= 9998:
        raise InputError("must lie between the years 1970 and 9998", field=field)
    return day
