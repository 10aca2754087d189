"""How the service does, for whoever runs it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from spectree import Response

from model import ArtifactError
from service import guard
from service.openapi import api
from service.problems import ModelRefused
from service.schemas import Alive, ModelDescription, Ready
from service.serialise import manifest_to_dict
from service.state import classifier, state

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@api.validate(resp=Response(HTTP_200=Alive), tags=["operations"])
def alive() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@api.validate(resp=Response(HTTP_200=Ready, HTTP_503=Ready), tags=["operations"])
def ready() -> tuple[dict[str, Any], int]:
    """Say whether a model is loaded and what the service uses is well."""
    checks = {"model": "a newer model could not be used; the one before it is" if state().models.error else "ok"}
    unready = False
    for check in state().checks:
        wrong = check.probe()
        checks[check.name] = wrong or "ok"
        unready = unready or (wrong is not None and check.required)
    answer = {"status": "unready" if unready else "ready", "model": classifier().manifest.version, "checks": checks}
    return answer, 503 if unready else 200


@blueprint.get("/model")
@api.validate(resp=Response(HTTP_200=ModelDescription), tags=["model"])
def describe() -> dict[str, Any]:
    """Describe the model in use."""
    return manifest_to_dict(classifier().manifest)


@blueprint.post("/model/reload")
@api.validate(resp=Response(HTTP_200=ModelDescription), tags=["model"], security=[{"bearer": []}, {"header": []}])
def reload() -> dict[str, Any]:
    """Load the model anew, and put it to use if it is good.

    No request is lost: those under way keep the model they began with. Other workers follow within seconds.
    """
    guard.need_any_key()
    try:
        return manifest_to_dict(state().models.reload().manifest)
    except ArtifactError as error:
        raise ModelRefused(f"The model in use stays: {error}") from None
