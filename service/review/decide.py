"""Decisions and second thoughts, from a form or from the script of the queue."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from model import Span
from service.review.desk import ConflictError, GoneError, Saved, desk
from service.review.flashes import leave
from service.review.queue import LABELS
from service.review.security import guard, local_target, wants_json

CLEAN = "clean"

blueprint = Blueprint("decide", __name__)
guard(blueprint)


@blueprint.post("/review/decide")
def decide() -> Response | tuple[dict[str, Any], int]:
    """Keep what a reviewer says of a line."""
    label = label_of(request.form.get("label", ""), (*LABELS, CLEAN))
    span = None if label == CLEAN else span_of()
    alone = request.form.get("alone") == "yes"
    try:
        saved = desk().decide(number("line"), number("revision"), label, span, g.reviewer, alone=alone)
    except ConflictError as conflict:
        return _answer({"message": str(conflict), "revision": conflict.revision}, 409)
    except GoneError as gone:
        return _answer({"message": str(gone)}, 404)
    except ValueError as error:
        return _answer({"message": str(error)}, 422)
    return _answer({"message": says(label, saved.lines), **_kept(saved)}, 200)


@blueprint.post("/review/undo")
def undo() -> Response | tuple[dict[str, Any], int]:
    """Take a decision back."""
    try:
        saved = desk().undo(number("decision"), g.reviewer)
    except ConflictError as conflict:
        return _answer({"message": str(conflict), "revision": conflict.revision}, 409)
    except GoneError as gone:
        return _answer({"message": str(gone)}, 404)
    return _answer({"message": "Undone.", "lines": saved.lines, "revision": saved.revision}, 200)


def says(label: str, lines: int = 1) -> str:
    """Return a decision in words."""
    words = "Rejected" if label == CLEAN else f"Confirmed as {label}"
    return words if lines == 1 else f"{words}, {lines} lines at once"


def number(field: str) -> int:
    """Return a number of the form, or answer 400."""
    value = request.form.get(field, "")
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        raise BadRequest(f"{field} must be a number.")
    return int(value)


def label_of(value: str, known: tuple[str, ...]) -> str:
    """Return a label of the form, or answer 400."""
    if value not in known:
        raise BadRequest(f"label must be one of {', '.join(known)}.")
    return value


def span_of() -> Span | None:
    """Return the marked part that the form names, None if it leaves that as it is."""
    if not request.form.get("start") and not request.form.get("end"):
        return None
    return Span(number("start"), number("end"))


def _kept(saved: Saved) -> dict[str, Any]:
    return {"decision": saved.decision, "lines": saved.lines, "revision": saved.revision}


def _answer(content: dict[str, Any], status: int) -> Response | tuple[dict[str, Any], int]:
    """A script gets the content; a form gets the page that it came from, which says what happened."""
    if wants_json():
        return content, status
    leave(content["message"], content.get("decision"), bad=status >= 400)
    return redirect(local_target("back"), 303)
