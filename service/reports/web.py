"""Reports at ``/reports``, every view of them as a page of its own, as CSV and as JSONL."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from service.reports.exports import to_csv, to_jsonl
from service.reports.periods import CHOICES, Period, parse_period
from service.reports.views import View, build_views, find_view
from service.review.desk import desk
from service.review.security import guard
from service.submissions import InputError

FILES = {"csv": (to_csv, "text/csv; charset=utf-8"), "jsonl": (to_jsonl, "application/x-ndjson")}

blueprint = Blueprint("reports", __name__)
guard(blueprint)


@blueprint.get("/reports")
def show() -> tuple[str, int]:
    """Show every view."""
    return _page(None)


@blueprint.get("/reports/<name>")
def show_view(name: str) -> tuple[str, int]:
    """Show one view with all of its rows."""
    return _page(name)


@blueprint.get("/reports/<name>.<any(csv, jsonl):ending>")
def download(name: str, ending: str) -> Response:
    """Send a view as a file."""
    view = _find(build_views(desk().figures(parse_period(request.args, _today()), name)), name)
    write, content_type = FILES[ending]
    response = Response(write(view), content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"saring-{name}.{ending}")
    return response


def _page(name: str | None) -> tuple[str, int]:
    error = None
    try:
        period = parse_period(request.args, _today())
    except InputError as fault:
        period, error = parse_period({}, _today()), str(fault)
    figures = desk().figures(period, name)
    views = build_views(figures)
    body = render_template(
        "reports.html",
        figures=figures,
        views=views if name is None else [_find(views, name)],
        only=name is not None,
        period=period,
        periods=_choices(period),
        error=error,
    )
    return body, 422 if error else 200


def _choices(period: Period) -> list[tuple[int | str, str]]:
    choices: list[tuple[int | str, str]] = list(CHOICES)
    if period.days is None:
        return [("", "As dated"), *choices]
    return choices if period.days in dict(CHOICES) else [*choices, (period.days, f"Last {period.days} days")]


def _find(views: list[View], name: str) -> View:
    view = find_view(views, name)
    if view is None:
        raise NotFound(f"There is no view {name!r}; there are {', '.join(view.name for view in views)}.")
    return view


def _today() -> date:
    return datetime.now(UTC).date()
