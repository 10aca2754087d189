"""The description of the interface, and the page that shows it. `test_server` holds the interface against it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema_rs import validator_for

from model import Classifier
from service.app import create_app
from service.keys import hash_key
from service.settings import Settings
from tests.conftest import ARTICLE


@pytest.fixture
def description(client: FlaskClient) -> dict[str, Any]:
    body: dict[str, Any] = client.get("/openapi.json").get_json()
    return body


def schema(description: dict[str, Any], name: str) -> Any:
    return validator_for({"$ref": f"#/components/schemas/{name}", "components": description["components"]})


def test_it_is_openapi_31_and_covers_the_interface(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    assert {"/classify", "/healthz", "/readyz", "/model", "/model/reload", "/metrics"} <= description["paths"].keys()
    classify = description["paths"]["/classify"]["post"]
    assert classify["requestBody"]["content"].keys() == {"application/json", "text/plain", "application/x-ndjson"}
    assert {"200", "400", "401", "408", "413", "415", "422", "429", "500", "503", "default"} == classify["responses"].keys()
    for operations in description["paths"].values():
        for operation in operations.values():
            assert operation["summary"]
            assert "application/problem+json" in operation["responses"]["default"]["content"]
    names = json.dumps(description).split('"#/components/schemas/')[1:]
    assert {name.partition('"')[0] for name in names} <= description["components"]["schemas"].keys()


@pytest.mark.parametrize(
    "body", [{"text": ARTICLE}, {"text": "", "threshold": 1}, {"articles": []}, {"articles": [{"text": ARTICLE, "id": None}]}]
)
def test_what_it_allows_is_taken_and_answers_are_as_it_says(client: FlaskClient, description: dict[str, Any], body: Any) -> None:
    assert schema(description, "Submitted").is_valid(body)
    assert schema(description, "Judged").is_valid(client.post("/classify", json=body).get_json())


@pytest.mark.parametrize(
    "body", [{}, [], {"text": 1}, {"text": "\0"}, {"text": "a", "threshold": 2}, {"text": "a", "b": 1}, {"articles": [{}]}]
)
def test_what_it_forbids_is_refused_with_a_problem(client: FlaskClient, description: dict[str, Any], body: Any) -> None:
    assert not schema(description, "Submitted").is_valid(body)
    response = client.post("/classify", json=body)
    assert response.status_code == 422
    problem = response.get_json(force=True)
    assert schema(description, "Problem").is_valid(problem)
    assert problem["errors"]


def test_limits_and_keys_of_an_application_stand_in_its_description(classifier: Classifier, description: dict[str, Any]) -> None:
    app = create_app(classifier, Settings(max_articles=7, api_keys=(hash_key("a"),)))
    guarded = app.test_client().get("/openapi.json").get_json()
    assert guarded["components"]["schemas"]["BatchIn"]["properties"]["articles"]["maxItems"] == 7
    assert guarded["paths"]["/classify"]["post"]["security"] == [{"bearer": []}, {"header": []}]
    assert "security" not in description["paths"]["/classify"]["post"]
    assert guarded["components"]["schemas"].keys() == description["components"]["schemas"].keys()


def test_the_page_takes_everything_from_the_service(client: FlaskClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "://" not in page.text
    for path in ("/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/static/docs.js"):
        assert path in page.text
        with client.get(path) as response:
            assert response.status_code == 200
    assert client.get("/docs/VERSION").status_code == 404
