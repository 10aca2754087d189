"""The client against the real application."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from saring import Client, ProblemError

from model import Classifier
from service.app import create_app
from tests.conftest import ARTICLE


@pytest.fixture
def saring(classifier: Classifier) -> Iterator[Client]:
    with Client("http://saring.test", transport=httpx.WSGITransport(create_app(classifier))) as client:
        yield client


def test_a_verdict_is_typed(saring: Client) -> None:
    verdict = saring.classify(ARTICLE, id="a-1", threshold=0.9)
    assert (verdict.id, verdict.flagged, verdict.threshold, verdict.line_count) == ("a-1", True, 0.9, 11)
    assert [line.text for line in verdict.lines] == ["sbobet wap", "By gacor88"]
    assert verdict.lines[0].reasons
    assert verdict.clean_text == ARTICLE.partition("\n\nsbobet")[0]


def test_a_refusal_says_why(saring: Client) -> None:
    with pytest.raises(ProblemError, match="between 0 and 1") as caught:
        saring.classify("a", threshold=2)
    assert caught.value.status == 422


def test_the_client_imports_httpx_and_the_standard_library_only() -> None:
    for path in (Path(__file__).parent.parent / "client" / "saring").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert {str(name).partition(".")[0] for name in names} <= {
                "__future__",
                "collections",
                "dataclasses",
                "httpx",
                "saring",
                "types",
                "typing",
            }
