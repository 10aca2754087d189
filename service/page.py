"""The page on which a person pastes an article and sees its flagged lines."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Blueprint, g, render_template, request

from model import Article
from service import guard, judging
from service.api import enter, leave
from service.limits import Deadline, has_more_lines
from service.marking import mark_all
from service.state import classifier, state
from service.submissions import InputError, Submission

blueprint = Blueprint("page", __name__)
blueprint.before_request(guard.need_key)


@blueprint.get("/")
def show() -> str:
    """Show the empty form."""
    return render_template("page.html", model=classifier().manifest, text="", report=None, lines=(), error=None)


@blueprint.post("/")
def judge() -> tuple[str, int]:
    """Show the pasted article with its flagged lines marked."""
    held, model = state(), classifier()
    deadline = Deadline(g.started, held.settings.request_seconds)
    enter(held)
    with ExitStack() as place:
        place.callback(leave, held)
        # A form sends every line end as CR LF; what the person pasted had one character.
        text = request.form.get("text", "").replace("\r\n", "\n")
        try:
            submission = Submission(_article(text, held.settings.max_lines), None)
            report = judging.judge_in_time(held, model, submission, deadline, place)
        except InputError as error:
            return render_template("page.html", model=model.manifest, text=text, report=None, lines=(), error=str(error)), 422
    return render_template("page.html", model=model.manifest, text=text, report=report, lines=mark_all(report), error=None), 200


def _article(text: str, max_lines: int) -> Article:
    if not text.strip():
        raise InputError("Paste the text of an article first.")
    if has_more_lines(text, max_lines):
        raise InputError(f"This text has more than {max_lines} lines.")
    try:
        return Article(text)
    except ValueError as error:
        raise InputError(f"This text cannot be judged: {error}.") from None
