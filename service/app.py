"""The application factory."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response

from model import DEFAULT_MODEL, Classifier
from service import api, page, problems

MAX_BODY_BYTES = 16 * 2**20


def create_app(model: Path | Classifier = DEFAULT_MODEL) -> Flask:
    """Return the application that serves `model`: a loaded one, or the directory of one.

    Raises
    ------
    model.ArtifactError
        If the directory holds no usable model.
    """
    app = Flask("service")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["saring"] = model if isinstance(model, Classifier) else Classifier.load(model)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(page.blueprint)
    problems.register(app)
    app.after_request(_secure)
    return app


def _secure(response: Response) -> Response:
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response
