"""What people decided, for whoever trains: ``GET /labels``."""

from __future__ import annotations

from flask import Blueprint, Response

from service import guard
from service.openapi import api
from service.review.desk import desk
from service.serialise import to_row

blueprint = Blueprint("labels", __name__)
blueprint.before_request(guard.need_key)


@blueprint.get("/labels")
@api.validate(tags=["labels"])
def export() -> Response:
    """Send every decision as a row of labelled data, as `training` reads it; contradictions between reviewers are marked."""
    rows = desk().labels()  # type: ignore[attr-defined]
    return Response((to_row(row) + "\n" for row in rows), content_type="application/x-ndjson")
