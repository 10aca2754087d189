"""Sessions of reviewers, protection against forged requests, and the headers of pages that show strangers' text."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta

from flask import Blueprint, Flask, Response, current_app, g, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup
from werkzeug.exceptions import Forbidden, HTTPException, ServiceUnavailable, Unauthorized
from werkzeug.wrappers import Response as BaseResponse

from service.problems import describe_error
from service.review.attempts import Attempts
from service.review.reviewers import Reviewers

SESSION_HOURS = 12
LOOPBACK = ("127.0.0.1", "::1")
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

csrf = CSRFProtect()


class _Sessions(SecureCookieSessionInterface):
    def get_cookie_secure(self, app: Flask) -> bool:
        """A cookie that was set over HTTPS never travels without."""
        return request.is_secure or super().get_cookie_secure(app)


def register(app: Flask, reviewers: Reviewers, secret: str | None) -> None:
    """Give `app` sessions that `secret` signs; without one they end with the process."""
    app.secret_key = secret or secrets.token_hex(32)
    app.session_interface = _Sessions()
    app.config.update(
        SESSION_COOKIE_NAME="saring",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
        WTF_CSRF_CHECK_DEFAULT=False,  # the API has no sessions; pages ask for the check in `guard`
        WTF_CSRF_TIME_LIMIT=None,  # a token is good as long as its session
    )
    app.extensions["saring-reviewers"] = reviewers
    app.extensions["saring-attempts"] = Attempts()
    csrf.init_app(app)
    app.jinja_env.globals["csrf_field"] = lambda: Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def guard(blueprint: Blueprint, *, signed_in: bool = True) -> None:
    """Let only reviewers at the pages of `blueprint`, check every change for forgery, and set the headers of pages."""
    # In this order: whose session has ended has no token either, and is to hear of the session.
    blueprint.before_request(_require_reviewer if signed_in else _require_local)
    blueprint.before_request(_check_forgery)
    blueprint.after_request(_headers)
    blueprint.register_error_handler(Exception, _error_page)


def reviewers() -> Reviewers:
    """Return those who may decide."""
    found: Reviewers = current_app.extensions["saring-reviewers"]
    return found


def attempts() -> Attempts:
    """Return the brake on guessing passwords."""
    found: Attempts = current_app.extensions["saring-attempts"]
    return found


def sign_in(name: str) -> None:
    """Start a session of the reviewer."""
    session.clear()
    session.permanent = True
    session["reviewer"], session["proof"] = name, reviewers().fingerprint(name)


def wants_json() -> bool:
    """Say whether the script of a page asks, and not a person."""
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def local_target(field: str, otherwise: str = "review.queue") -> str:
    """Return the address that a field of the request names, if it leads to a page of this service and not to another site."""
    target = request.values.get(field, "")
    ours = target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    return target if ours else url_for(otherwise)


def _check_forgery() -> None:
    csrf.protect()


def _require_local() -> None:
    """Without reviewers, the pages are for this machine alone: not for what comes through a proxy or under another name."""
    if not reviewers().open:
        return
    forwarded = any(header in request.headers for header in ("Forwarded", "X-Forwarded-For", "X-Real-IP"))
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if request.remote_addr not in LOOPBACK or forwarded or host not in LOCAL_HOSTS:
        raise Forbidden(
            "No reviewers are configured, so these pages are open on this machine only. SARING_REVIEWERS_FILE names a file of them."
        )


def _require_reviewer() -> BaseResponse | None:
    _require_local()
    name = session.get("reviewer", "")
    proof = reviewers().fingerprint(name)
    if proof is not None and secrets.compare_digest(proof, session.get("proof", "")):
        g.reviewer = name
        return None
    session.clear()
    if wants_json() or request.method != "GET":
        raise Unauthorized("Your session has ended. Sign in again.")
    return redirect(url_for("login.show", next=request.full_path.rstrip("?")))


def _headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def _error_page(error: Exception) -> Response | HTTPException | tuple[str, int]:
    """Say what is wrong on a page, or as problem details to the script of one."""
    if isinstance(error, HTTPException) and (error.code or 500) < 400:
        return error  # a redirect
    # Only what is asked of a store raises this, and then it has been imported.
    from service.store.engine import StoreError

    if isinstance(error, StoreError):
        error = ServiceUnavailable(f"The store is away: {error}. What was decided before is safe; try again in a moment.")
    body = describe_error(error)
    if wants_json():
        return Response(json.dumps(body), status=body["status"], content_type="application/problem+json")
    return render_template("error.html", title=body["title"], detail=body["detail"], status=body["status"]), body["status"]
