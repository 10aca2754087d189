"""The HTTP interface for programs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request

from model import Classifier
from service.bodies import read_submission
from service.serialise import manifest_to_dict, report_to_dict

blueprint = Blueprint("api", __name__)


def classifier() -> Classifier:
    """Return the model that this application serves."""
    loaded: Classifier = current_app.extensions["saring"]
    return loaded


@blueprint.post("/classify")
def classify() -> dict[str, Any]:
    """Judge one article."""
    submission = read_submission(request)
    return report_to_dict(classifier().classify(submission.article, submission.threshold))


@blueprint.get("/healthz")
def alive() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def ready() -> dict[str, str]:
    """Say that a model is loaded."""
    return {"status": "ready", "model": classifier().manifest.version}


@blueprint.get("/model")
def describe() -> dict[str, Any]:
    """Describe the model."""
    return manifest_to_dict(classifier().manifest)
