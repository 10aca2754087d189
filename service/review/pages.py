"""Everything that people see of the store, in one call."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, g

from service.reports import web as reports
from service.review import articles, decide, login, queue, security
from service.review.desk import Decision, Desk
from service.review.reviewers import Reviewers

PAGES = (("page.show", "Check"), ("review.queue", "Review"), ("reports.show", "Reports"))
UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))


def register(app: Flask, desk: Desk, reviewers: Reviewers, secret: str | None) -> None:
    """Give `app` the pages for `reviewers`, with sessions that `secret` signs."""
    security.register(app, reviewers, secret)
    app.extensions["saring-desk"] = desk
    for module in (login, queue, decide, articles, reports):
        app.register_blueprint(module.blueprint)
    app.jinja_env.filters.update(ago=ago, says=_says)
    app.context_processor(lambda: {"pages": PAGES, "reviewer": g.get("reviewer")})


def ago(when: datetime) -> str:
    """Return how long ago that was, in words."""
    seconds = (datetime.now(UTC) - when).total_seconds()
    for length, unit in UNITS:
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {unit}{'' if number == 1 else 's'} ago"
    return "just now"


def _says(decision: Decision) -> str:
    return f"{decide.says(decision.label)} by {decision.reviewer}, {ago(decision.when)}"
