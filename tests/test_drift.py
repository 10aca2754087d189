"""The service tells whether recent articles still look like those of training time, whichever worker judged them."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask.testing import FlaskClient

from model import DEFAULT_MODEL, Article, Classifier
from model.artifact import read_artifact
from service.app import create_app
from service.settings import Settings
from tests.live import PATIENCE, serving, wait_for
from training.drift import profile
from training.publish import publish

CALM = [f"Harga beras naik {n} persen di pasar induk.\nPedagang mengeluh kepada dinas perdagangan." for n in range(40)]
WILD = [f"Daftar LAYANGBET{n} bonus 100%\nslot g\u0336a\u0336c\u0336o\u0336r maxwin hari ini\nzxqv wqkrt plvbn" for n in range(40)]


@pytest.fixture(scope="module")
def watched(classifier: Classifier) -> Classifier:
    """The default model, made for calm articles."""
    reference = profile(classifier, [Article(text, lang="id") for text in CALM])
    return replace(classifier, manifest=replace(classifier.manifest, reference=reference.to_dict()))


def drift(client: FlaskClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/model/drift").get_json()
    return answer


def send(client: FlaskClient, texts: list[str], lang: str, **more: Any) -> None:
    before = drift(client)["articles"]
    client.post("/classify", json={"articles": [{"text": text, "lang": lang, **more} for text in texts]})
    wait_for(lambda: drift(client)["articles"] == before + (0 if more else len(texts)))


def numbers(client: FlaskClient) -> dict[str, float]:
    rows = [row.rpartition(" ") for row in client.get("/metrics").text.splitlines() if not row.startswith("#")]
    return {name: float(value) for name, _, value in rows}


def test_it_is_not_due_while_articles_stay_the_same_and_due_when_they_change(watched: Classifier) -> None:
    client = create_app(watched, Settings()).test_client()
    send(client, CALM, "id")
    assert drift(client)["due"] is None
    assert drift(client)["verdict"].startswith("Whether retraining is due is not known yet: only 40 of at least 100 articles")
    assert math.isnan(numbers(client)["saring_retraining_due"])
    for _ in range(2):
        send(client, CALM, "id")
    calm = drift(client)
    assert (calm["due"], calm["articles"]) == (False, 120)
    assert calm["verdict"].startswith("Retraining is not due")
    assert numbers(client)["saring_retraining_due"] == 0

    sent = 0
    # How many of the articles are looked into in depth depends on the machine.
    while sent < 4 or (sent < 100 and drift(client)["unknown_words"] is None):
        send(client, WILD, "ms")
        sent += 1
    wild = drift(client)
    assert wild["due"] is True
    assert wild["verdict"].startswith("Retraining is due: ")
    for measure in ("scores", "languages", "flagged", "unknown_words", "disguised"):
        assert wild[measure] > (calm[measure] or 0)
    shown = numbers(client)
    assert (shown["saring_retraining_due"], shown["saring_drift_articles"]) == (1, 120 + 40 * sent)
    assert shown['saring_drift{measure="scores"}'] == pytest.approx(wild["scores"])


def test_a_threshold_of_the_callers_does_not_count(watched: Classifier) -> None:
    client = create_app(watched, Settings()).test_client()
    client.post("/classify", json={"articles": [{"text": text, "threshold": 0.01} for text in CALM]})
    send(client, CALM[:3], "id")
    assert drift(client)["articles"] == 3


def test_without_a_reference_nothing_is_said(classifier: Classifier) -> None:
    plain = replace(classifier, manifest=replace(classifier.manifest, reference=None))
    answer = drift(create_app(plain, Settings()).test_client())
    assert answer["due"] is None
    assert "no reference" in answer["verdict"]


def test_all_workers_count_and_each_tells_the_same(watched: Classifier, tmp_path: Path) -> None:
    registry, metrics = tmp_path / "models", tmp_path / "metrics"
    _, tensors = read_artifact(DEFAULT_MODEL)
    publish(registry, watched.manifest, tensors)
    with serving(tmp_path / "log", "--workers", "2", SARING_MODEL=str(registry), SARING_METRICS_DIR=str(metrics)) as live:

        def asked(path: str) -> httpx.Response:
            return httpx.get(live.url + path, timeout=PATIENCE)  # a connection of its own: whichever worker takes it

        def both_have_counted() -> bool:
            # At once, so that one worker alone does not do.
            with httpx.Client(base_url=live.url, timeout=PATIENCE) as first, httpx.Client(base_url=live.url, timeout=PATIENCE) as second:
                for http in (first, second):
                    http.post("/classify", json={"articles": [{"text": text, "lang": "ms"} for text in WILD]})
            return len(list(metrics.glob("drift-*.json"))) == 2 and asked("/model/drift").json()["due"] is not None

        wait_for(both_have_counted)
        wait_for(lambda: len({asked("/model/drift").text for _ in range(8)}) == 1)
        assert asked("/model/drift").json()["verdict"].startswith("Retraining is due: ")
        assert "saring_retraining_due 1.0" in asked("/metrics").text
