"""What a scraper reports of a line, by machine: ``POST /feedback``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from spectree import Response
from werkzeug.exceptions import Conflict, NotFound

from model import Article, Span
from service import guard
from service.openapi import api
from service.parsing import parse_model
from service.review.desk import ConflictError, GoneError, desk
from service.schemas import FeedbackIn, FeedbackKept
from service.state import classifier
from service.submissions import InputError

blueprint = Blueprint("feedback", __name__)
blueprint.before_request(guard.need_key)


@blueprint.post("/feedback")
@api.validate(json=FeedbackIn, resp=Response(HTTP_200=FeedbackKept), tags=["labels"])
def report() -> dict[str, Any]:
    """Keep what a program says of a line, or of a part of the article.

    A person's decision stands: feedback that contradicts it is answered with 409.
    """
    said = parse_model(FeedbackIn, request.get_data(cache=False))
    key = _find(said)
    parts = [(said.line, None)] if said.line is not None else _parts(desk().article(key), Span(*said.span or (0, 0)))
    try:
        kept = [desk().feedback(key, number, span, said.label) for number, span in parts]  # type: ignore[attr-defined]
    except ConflictError as conflict:
        raise Conflict(str(conflict)) from None
    except GoneError as gone:
        raise NotFound(str(gone)) from None
    except ValueError as error:
        raise InputError(str(error), "line" if said.line is not None else "span") from None
    return {"article": key, "lines": sum(saved.lines for saved in kept), "label": said.label}


def _find(said: FeedbackIn) -> int:
    """Return the article that is meant. One that came with its text is judged and stored if it is not there."""
    store: Any = desk()
    key = store.find(id=said.id) if said.id is not None else None
    if key is None and said.text is not None:
        key = store.find(text=said.text)
        if key is None:
            try:
                store.keep(classifier().classify(Article(said.text, said.id)))
            except ValueError as error:
                raise InputError(str(error), "text") from None
            key = store.find(text=said.text)
    if key is None:
        raise NotFound("No article of this id is stored: of those in which nothing was flagged, none are. Send its text.")
    found: int = key
    return found


def _parts(article: Any, span: Span) -> list[tuple[int, Span | None]]:
    """Return the lines that a span touches, with its part in each."""
    lines = [line.marked.line for line in article.lines]
    touched = [line for line in lines if line.start < span.end and span.start < line.end and line.text.strip()]
    if not touched or span.end > lines[-1].end + 2:
        raise InputError("does not lie in the article", "span")
    return [(line.number, Span(max(line.start, span.start), min(line.end, span.end))) for line in touched]
