"""From what a caller sent to articles: the one place that says what a request may hold."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from model import Article
from service.limits import has_more_lines
from service.schemas import ArticleIn, BatchIn, Row
from service.submissions import Fault, InputError, MalformedError, Submission, to_pointer

FIELDS = tuple(ArticleIn.model_fields)
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for all articles of a request: limits, and what stands in for the fields that an article does not have itself."""

    max_lines: int | None = None
    max_articles: int | None = None
    stand_ins: Mapping[str, Any] = field(default_factory=dict)


ANY = Terms()


def parse_body(body: bytes, terms: Terms) -> Submission | list[Submission]:
    """Return the article of a JSON body, or the articles of a batch.

    Raises
    ------
    MalformedError
        If `body` is empty, not UTF-8 or not JSON.
    InputError
        If the JSON is not what it should be.
    """
    try:
        return _submission(ArticleIn.model_validate_json(body), terms)
    except ValidationError:
        content = _loads(body)
    if isinstance(content, dict) and "articles" in content:
        return parse_batch(content, terms)
    return parse_submission(content, terms)


def parse_row(row: bytes, terms: Terms = ANY) -> Submission:
    """Return the article of one line of a stream; raises what `parse_body` does."""
    try:
        return _submission(ArticleIn.model_validate_json(row), terms)
    except ValidationError:
        return parse_submission(_loads(row), terms)


def parse_submission(content: Any, terms: Terms = ANY, *, strict: bool = True) -> Submission:
    """Check one JSON value and return what it asks for.

    With ``strict``, a field that is not known is an error; without, it is the caller's own and passed over.

    Raises
    ------
    InputError
        If `content` is not an object, or a field is missing, unknown, of the wrong type or out of range.
    """
    try:
        return _submission((ArticleIn if strict else Row).model_validate(content), terms)
    except ValidationError as error:
        faults = _faults(error)
        if isinstance(content, dict) and isinstance(content.get("text"), str):
            faults += _check_lines(content["text"], terms)
        raise InputError(faults) from None


def parse_batch(content: Mapping[str, Any], terms: Terms) -> list[Submission]:
    """Check a batch and return its articles; all faults of all articles are told at once."""
    articles = content["articles"]
    submissions, faults = [], []
    try:
        BatchIn.model_validate({**content, "articles": articles if not isinstance(articles, list) else []})
    except ValidationError as error:
        faults = _faults(error, tuple(BatchIn.model_fields))
    if not isinstance(articles, list):
        articles = []
    if terms.max_articles is not None and len(articles) > terms.max_articles:
        raise InputError([Fault(f"articles holds {len(articles)}, at most {terms.max_articles} are allowed", "/articles")])
    for number, article in enumerate(articles):
        try:
            submissions.append(parse_submission(article, terms))
        except InputError as error:
            faults += [Fault(fault.message, f"/articles/{number}{fault.pointer}") for fault in error.faults]
    if faults:
        raise InputError(faults)
    return submissions


def parse_model(model: type[Model], body: bytes) -> Model:
    """Return what a JSON body says, checked by a model of `service.schemas`; raises what `parse_body` does."""
    try:
        return model.model_validate_json(body)
    except ValidationError:
        content = _loads(body)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise InputError(_faults(error, tuple(model.model_fields))) from None


def _submission(article: ArticleIn, terms: Terms) -> Submission:
    if terms.stand_ins:
        article = article.model_copy(update={name: value for name, value in terms.stand_ins.items() if getattr(article, name) is None})
    faults = _check_lines(article.text, terms)
    if faults:
        raise InputError(faults)
    return Submission(Article(article.text, article.id, article.url, article.lang), article.threshold)


def _check_lines(text: str, terms: Terms) -> list[Fault]:
    if terms.max_lines is None or not has_more_lines(text, terms.max_lines):
        return []
    return [Fault(f"text has more than {terms.max_lines} lines", "/text")]


def _loads(body: bytes) -> Any:
    """Read what the fast reader refused. Python's tells where a body breaks, and lets lone surrogates pass, so that they can be named."""
    if not body:
        raise MalformedError("The body is empty.")
    try:
        return json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise MalformedError(f"The body is not UTF-8: {error.reason} at byte {error.start}.") from None
    except RecursionError:
        raise MalformedError("The body is nested too deeply.") from None
    except ValueError as error:
        raise MalformedError(f"The body is not JSON: {error}.") from None


def _faults(error: ValidationError, known: Sequence[str] = FIELDS) -> list[Fault]:
    return [Fault(_message(fault, known), to_pointer(*fault["loc"])) for fault in error.errors(include_url=False)]


def _message(fault: Mapping[str, Any], known: Sequence[str]) -> str:
    field, value = str(fault["loc"][-1]) if fault["loc"] else "", fault["input"]
    match fault["type"]:
        case "missing":
            return f"{field} is missing"
        case "extra_forbidden":
            return f"unknown field; known are {', '.join(known)}"
        case "greater_than_equal" | "less_than_equal" | "finite_number":
            return f"{field} must lie between 0 and 1, got {value}"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"expected a JSON object, got {_type_name(value)}"
        case "value_error":
            return f"{field} {str(fault['msg']).removeprefix('Value error, ')}"
    expected = {"string_type": "a string", "float_type": "a number", "list_type": "an array"}.get(fault["type"], "something else")
    return f"{field} must be {expected}, got {_type_name(value)}"


def _type_name(value: Any) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "an array", dict: "an object"}
    return "null" if value is None else names.get(type(value), type(value).__name__)
