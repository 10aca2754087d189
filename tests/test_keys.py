"""Who may use the service."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from model import Classifier
from service import server
from service.app import create_app
from service.cli import main
from service.keys import Keys, hash_key
from service.settings import Settings, SettingsError

NEW, OLD = "saring_new", "saring_old"

Offer = Callable[[str], dict[str, str]]
WAYS: dict[str, Offer] = {
    "bearer": lambda key: {"Authorization": f"Bearer {key}"},
    "header": lambda key: {"X-API-Key": key},
    "password": lambda key: {"Authorization": "Basic " + base64.b64encode(f"anyone:{key}".encode()).decode()},
}


@pytest.fixture
def guarded(classifier: Classifier) -> FlaskClient:
    return create_app(classifier, Settings(api_keys=(hash_key(NEW), hash_key(OLD)))).test_client()


def test_without_keys_everybody_may_use_it(client: FlaskClient) -> None:
    assert client.post("/classify", json={"text": "a"}).status_code == 200
    assert client.get("/metrics").status_code == 200


@pytest.mark.parametrize("way", WAYS)
def test_each_key_opens_the_service(guarded: FlaskClient, way: str) -> None:
    for key in (NEW, OLD):
        assert guarded.post("/classify", json={"text": "a"}, headers=WAYS[way](key)).status_code == 200
    for key in ("", "saring_", NEW + "x", hash_key(NEW), "ключ"):
        if way == "password" or key.isascii():
            assert guarded.post("/classify", json={"text": "a"}, headers=WAYS[way](key)).status_code == 401


def test_who_has_no_key_is_told_how_to_send_one(guarded: FlaskClient) -> None:
    response = guarded.post("/classify", data=b"not even JSON", content_type="application/json")
    assert (response.status_code, response.content_type) == (401, "application/problem+json")
    assert response.get_json(force=True)["type"] == "urn:saring:problem:unauthorized"
    assert [value.split()[0].lower() for value in response.headers.getlist("WWW-Authenticate")] == ["bearer", "basic"]


def test_what_needs_a_key_and_what_does_not(guarded: FlaskClient) -> None:
    assert [guarded.get(path).status_code for path in ("/", "/metrics")] == [401, 401]
    assert [guarded.post(path).status_code for path in ("/", "/classify", "/model/reload")] == [401, 401, 401]
    for path in ("/healthz", "/readyz", "/model", "/openapi.json", "/docs", "/static/style.css"):
        with guarded.get(path) as response:
            assert response.status_code == 200


def test_reloading_needs_a_key_even_where_nothing_else_does(client: FlaskClient) -> None:
    assert client.post("/model/reload").status_code == 401
    assert client.post("/model/reload", headers={"X-API-Key": "a"}).status_code == 401


def test_keys_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"# keys of our scrapers\n\n{hash_key(NEW)}  scraper one\n{hash_key(OLD)}\n", encoding="utf-8")
    keys = Keys(Settings(api_keys_file=file, api_keys=(hash_key("third"),)))
    assert all(keys.fits(key) for key in (NEW, OLD, "third"))
    assert not keys.fits("fourth")
    assert not Keys(Settings())


def test_the_file_is_read_again_when_it_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(hash_key(OLD))
    keys = Keys(Settings(api_keys_file=file))
    file.write_text(hash_key(NEW))
    keys.refresh()
    assert (keys.fits(NEW), keys.fits(OLD)) == (True, False)
    file.write_text("broken")
    keys.refresh()
    assert keys.fits(NEW)


@pytest.mark.parametrize(("content", "message"), [("saring_new\n", "line 1"), ("# none\n", "holds no key"), (None, "No such file")])
def test_a_file_of_keys_that_is_not_one_is_refused(tmp_path: Path, content: str | None, message: str) -> None:
    file = tmp_path / "keys"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        Keys(Settings(api_keys_file=file))


def test_a_key_is_made_with_its_hash() -> None:
    made = [dict(line.split() for line in CliRunner().invoke(main, ["key"]).stdout.splitlines()) for _ in range(2)]
    assert made[0]["key"] != made[1]["key"]
    assert made[0]["SHA-256"] == hashlib.sha256(made[0]["key"].encode()).hexdigest()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Settings]:
    """The settings of the servers that commands start; none really is."""
    runs: list[Settings] = []
    monkeypatch.setenv("SARING_METRICS_DIR", str(tmp_path))
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    monkeypatch.setattr("service.logs.configure", lambda settings: None)

    def run(app: Flask, settings: Settings) -> None:
        runs.append(settings)

    monkeypatch.setattr(server, "run", run)
    return runs


def serve(*arguments: str, **environment: Any) -> Any:
    return CliRunner().invoke(main, ["serve", *arguments, "--port", "18999"], env=environment)


def test_another_address_than_loopback_needs_a_key(started: list[Settings]) -> None:
    for host in ("0.0.0.0", "::"):
        result = serve("--host", host)
        assert result.exit_code == 1
        assert "no API key is set" in result.stderr
    assert started == []


def test_with_a_key_or_told_plainly_it_starts_there(started: list[Settings]) -> None:
    assert serve("--host", "0.0.0.0", "--open").exit_code == 0
    assert serve("--host", "0.0.0.0", SARING_OPEN="true").exit_code == 0
    assert serve("--host", "0.0.0.0", SARING_API_KEYS=hash_key(NEW)).exit_code == 0
    assert len(started) == 3


def test_loopback_is_open(started: list[Settings]) -> None:
    for host in ("127.0.0.1", "localhost", "127.8.8.8"):
        assert serve("--host", host).exit_code == 0
    assert len(started) == 3


def test_other_commands_start_without_the_libraries_of_the_service() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from service.cli import main;"
        "CliRunner().invoke(main, ['classify', '-'], input='a');"
        "print(sorted({'flask', 'pydantic', 'gunicorn', 'prometheus_client', 'spectree'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
