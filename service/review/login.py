"""Signing in and out."""

from __future__ import annotations

from math import ceil

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from service.review.reviewers import is_name
from service.review.security import attempts, guard, local_target, reviewers, sign_in

blueprint = Blueprint("login", __name__)
guard(blueprint, signed_in=False)


@blueprint.get("/login")
def show() -> str:
    """Ask who is there."""
    return _page()


@blueprint.post("/login")
def enter() -> Response | tuple[str, int]:
    """Start a session, or say why not."""
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    if reviewers().open:
        if not is_name(name):
            return _page("Give a name of up to 80 characters, without a colon."), 422
    else:
        key = f"{request.remote_addr} {name}"
        if wait := attempts().wait(key):
            return _page(f"Too many attempts. Try again in {ceil(wait)} seconds."), 429
        if not reviewers().check(name, password):
            attempts().failed(key)
            return _page("This name and password do not belong together."), 401
        attempts().succeeded(key)
    sign_in(name)
    return redirect(local_target("next"), 303)


@blueprint.post("/logout")
def leave() -> Response:
    """End the session."""
    session.clear()
    return redirect(url_for("login.show"), 303)


def _page(error: str | None = None) -> str:
    return render_template("login.html", error=error, name=request.form.get("name", ""), target=local_target("next"), open=reviewers().open)
