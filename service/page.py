"""The page on which a person pastes an article and sees its flagged lines."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from model import Article
from service.api import classifier
from service.marking import mark_all
from service.parsing import InputError

blueprint = Blueprint("page", __name__)


@blueprint.get("/")
def show() -> str:
    """Show the empty form."""
    return render_template("page.html", model=classifier().manifest, text="", report=None, lines=(), error=None)


@blueprint.post("/")
def judge() -> tuple[str, int]:
    """Show the pasted article with its flagged lines marked."""
    # A form sends every line end as CR LF; what the person pasted had one character.
    text = request.form.get("text", "").replace("\r\n", "\n")
    try:
        report = classifier().classify(_article(text))
    except InputError as error:
        return render_template("page.html", model=classifier().manifest, text=text, report=None, lines=(), error=str(error)), 422
    return render_template("page.html", model=classifier().manifest, text=text, report=report, lines=mark_all(report), error=None), 200


def _article(text: str) -> Article:
    if not text.strip():
        raise InputError("Paste the text of an article first.")
    try:
        return Article(text)
    except ValueError as error:
        raise InputError(f"This text cannot be judged: {error}.") from None
