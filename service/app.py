"""The application factory."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from model import Classifier
from service import api, docs_page, drift, gzipped, health, metrics, observing, openapi, page, problems, storing
from service.keys import Keys
from service.limits import Gate
from service.models import Models
from service.security import SecureHeaders
from service.settings import Settings, load_settings
from service.state import State

# All that answers requests. A blueprint that keys guard says so itself (`guard.need_key`).
BLUEPRINTS = (api.blueprint, health.blueprint, metrics.blueprint, openapi.blueprint, docs_page.blueprint, page.blueprint)


def create_app(model: Path | Classifier | None = None, settings: Settings | None = None) -> Flask:
    """Return the application that serves `model`: a loaded one, the directory of one, or the one that the settings name.

    Raises
    ------
    model.ArtifactError
        If the directory holds no usable model.
    SettingsError
        If there is something wrong with the settings, which are read if none are given.
    """
    settings = settings or load_settings()
    models = Models(model) if isinstance(model, Classifier) else Models.open(model or settings.model)
    app = Flask("service")
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body_bytes
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["saring"] = State(settings, models, Keys(settings), Gate(settings.max_concurrency))
    models.listeners.append(metrics.tell_model)
    app.after_request(gzipped.pack)
    observing.register(app)
    problems.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    drift.register(app, app.extensions["saring"])
    storing.register(app, settings, app.extensions["saring"])
    app.wsgi_app = SecureHeaders(app.wsgi_app)  # type: ignore[method-assign]
    return app
