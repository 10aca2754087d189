"""An article with its flagged lines in place, at ``/articles/…``."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from service.review.decide import label_of, number, span_of
from service.review.desk import ConflictError, GoneError, desk
from service.review.flashes import leave, taken
from service.review.queue import LABELS
from service.review.security import guard

blueprint = Blueprint("article", __name__)
guard(blueprint)


@blueprint.get("/articles/<int:article_id>")
def show(article_id: int) -> str:
    """Show the whole article, and the text without what was injected."""
    try:
        article = desk().article(article_id)
    except GoneError as gone:
        raise NotFound(str(gone)) from None
    back = url_for("article.show", article_id=article_id)
    return render_template("article.html", article=article, labels=LABELS, flashes=taken(), back=back)


@blueprint.post("/articles/<int:article_id>/missed")
def mark(article_id: int) -> Response:
    """Keep that the model missed a line, or the part of it that was selected."""
    line = number("line")
    try:
        saved = desk().mark_missed(article_id, line, span_of(), label_of(request.form.get("label", ""), LABELS), g.reviewer)
    except GoneError as gone:
        raise NotFound(str(gone)) from None
    except (ConflictError, ValueError) as error:
        leave(str(error), bad=True)
    else:
        leave(f"Line {line} is marked as {request.form['label']}.", saved.decision)
    return redirect(url_for("article.show", article_id=article_id, _anchor=f"line-{line}"), 303)
