"""The HTTP interface for programs."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from flask import Blueprint, Response, g, request
from spectree import Response as Responses

from service import guard, metrics
from service.bodies import NDJSON, read_submissions
from service.encode import encode
from service.judging import judge_in_time
from service.limits import Deadline
from service.openapi import api
from service.schemas import Judged, Submitted
from service.serialise import report_to_dict
from service.state import State, classifier, state
from service.streams import stream_verdicts

__all__ = ["blueprint", "classifier"]

blueprint = Blueprint("api", __name__)
blueprint.before_request(guard.need_key)


@blueprint.post("/classify")
@api.validate(json=Submitted, resp=Responses(HTTP_200=Judged), tags=["articles"])
def classify() -> Response:
    """Judge one article, several, or a stream of them."""
    held = state()
    enter(held)
    after = ExitStack()
    after.callback(leave, held)
    if request.mimetype not in NDJSON:
        with after:
            return Response(encode(_judge_body(held, after)), content_type="application/json")
    try:
        return stream_verdicts(request, held, after)
    except BaseException:
        after.close()
        raise


def enter(held: State) -> None:
    """Take a place among the requests that are worked on."""
    held.gate.enter()
    metrics.in_progress.inc()


def leave(held: State) -> None:
    """Give the place back."""
    metrics.in_progress.dec()
    held.gate.leave()


def _judge_body(held: State, place: ExitStack) -> dict[str, Any]:
    deadline = Deadline(g.started, held.settings.request_seconds)
    asked = read_submissions(request, held.settings)
    deadline.check_received()
    model = held.models.current
    if not isinstance(asked, list):
        return report_to_dict(judge_in_time(held, model, asked, deadline, place))
    results: list[dict[str, Any]] = []
    for submission in asked:
        deadline.check(len(results), len(asked))
        results.append(report_to_dict(judge_in_time(held, model, submission, deadline, place)))
    return {"results": results}
