"""The queue of lines to decide, at ``/review``."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for

from service.review.desk import desk
from service.review.filters import STATES, Filters, parse_filters
from service.review.flashes import taken
from service.review.security import guard
from service.submissions import InputError

LABELS = ("gambling", "promotion")
HELP = (
    (("C",), "confirm the label"),
    (("R",), "reject: nothing is injected"),
    (("1", "2"), "confirm as gambling, as promotion"),
    (("←", "→"), "end the marked part a word earlier, later"),
    (("Shift ←", "Shift →"), "start it a word earlier, later"),
    (("W",), "mark the whole line"),
    (("G",), "this line alone, or its group"),
    (("J", "K"), "next line, previous line"),
    (("U",), "undo"),
    (("O",), "open the article"),
    (("/",), "search"),
)

blueprint = Blueprint("review", __name__)
guard(blueprint)


@blueprint.get("/review")
def queue() -> tuple[str, int]:
    """Show the lines that the address asks for, most useful first."""
    error = None
    try:
        filters = parse_filters(request.args)
    except InputError as fault:
        filters, error = Filters(), str(fault)
    page = desk().queue(filters, g.reviewer, request.args.get("at"))
    body = render_template(
        "review.html",
        page=page,
        filters=filters,
        filtered=bool(filters.query()),
        more_filters=any(
            value is not None for value in (filters.site, filters.version, filters.low, filters.high, filters.since, filters.until)
        ),
        versions=desk().versions(),
        states=STATES,
        labels=LABELS,
        help=HELP,
        flashes=taken(),
        error=error,
        back=url_for("review.queue", **filters.query()),
    )
    return body, 422 if error else 200
