"""The description of the HTTP interface, made from the models that validate. `docs/api.md` says why SpecTree."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app
from spectree import SpecTree
from spectree.plugins.flask_plugin import FlaskPlugin

from service.problems import KINDS, TITLES
from service.schemas import Problem
from service.state import state

blueprint = Blueprint("openapi", __name__)

# Stands for every operation; callers may rely on it. Only ever added to.
VERSION = "1.0.0"
TEXT = {"type": "string", "minLength": 1, "pattern": "^[^\\u0000]+$"}


# What a request to classify can come to, besides an answer.
STATUSES = {status: TITLES[KINDS[status]] for status in (400, 401, 408, 413, 415, 422, 429, 500, 503)}


class Described(FlaskPlugin):
    """Describes views and leaves validation to them: bodies come in three types, and answers may be streams."""

    def validate(self, func: Callable[..., Any], *_: Any, **in_path: Any) -> Any:
        return func(**in_path)


api = SpecTree(
    backend=Described,
    title="Saring",
    version=VERSION,
    description="Flags injected gambling and promotional lines in scraped articles.",
    mode="strict",
    annotations=False,
    validation_error_model=Problem,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _, child: child,
)


@blueprint.get("/openapi.json")
def show() -> dict[str, Any]:
    """Describe the interface of this application."""
    held = current_app.extensions
    if "saring.openapi" not in held:
        held["saring.openapi"] = make_description(state().settings.max_articles, bool(state().keys))
    description: dict[str, Any] = held["saring.openapi"]
    return description


def make_description(max_articles: int, needs_key: bool) -> dict[str, Any]:
    """Return the OpenAPI document of the current application.

    SpecTree knows JSON alone, so the other types of bodies, and the errors that every operation shares, are put in here.
    """
    schemas = copy.deepcopy(api.models)
    vars(api).pop("_spec", None)  # it was kept of another application, which may have had other views
    document: dict[str, Any] = copy.deepcopy(api.spec)
    api.models = schemas
    components = document["components"]
    components["schemas"]["BatchIn"]["properties"]["articles"]["maxItems"] = max_articles
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in document["paths"].values():
        for operation in operations.values():
            answers = operation["responses"]
            answers.pop("422", None)
            answers["default"] = {"description": "What is wrong (RFC 9457)", "content": problem}
            for answer in answers.values():
                answer["headers"] = {"X-Request-ID": {"schema": {"type": "string"}, "description": "The id that was sent, or a new one."}}
    _describe_classify(document["paths"]["/classify"]["post"])
    metrics = document["paths"]["/metrics"]["get"]
    metrics["responses"]["200"] = {"description": "OK", "content": {"text/plain": {"schema": {"type": "string"}}}}
    if needs_key:
        for operation in (metrics, document["paths"]["/classify"]["post"]):
            operation["security"] = [{"bearer": []}, {"header": []}]
    return document


def _describe_classify(operation: dict[str, Any]) -> None:
    operation["parameters"] = [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": f"Stands in for the {name} that an article does not have.",
            "schema": schema,
        }
        for name, schema in (
            ("id", {"type": "string"}),
            ("url", {"type": "string"}),
            ("lang", {"type": "string"}),
            ("threshold", {"type": "number", "minimum": 0, "maximum": 1}),
        )
    ]
    operation["requestBody"]["content"] |= {
        "text/plain": {"schema": TEXT},
        "application/x-ndjson": {"schema": {"type": "string", "description": "One ArticleIn a line; the answer has one Verdict a line."}},
    }
    answers = operation["responses"]
    answers["200"]["content"]["application/x-ndjson"] = {
        "schema": {"type": "string", "description": 'One Verdict a line, or {"id"?, "error": Problem} for a line that is broken.'}
    }
    for status, title in STATUSES.items():
        answers[str(status)] = {**answers["default"], "description": title}
        if status in (429, 503):
            retry = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
            answers[str(status)] = {**answers[str(status)], "headers": {**answers["default"]["headers"], **retry}}
