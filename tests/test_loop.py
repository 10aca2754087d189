"""The loop as a whole: a brand that the model misses, a reviewer who marks it, a model that learned it, and the way back."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from saring import Client, Verdict

from service.store import Store
from tests.databases import KINDS, database
from tests.few_seeds import copy_few, write_rows
from tests.live import PATIENCE, serving, wait_for
from training.commands.common import ROOT
from training.publish import roll_back

CLEAN = "Petani di Desa Sumberjati memanen padi lebih awal karena hujan turun terus sejak pekan lalu."
KNOWN = "slot gacor88 maxwin daftar sekarang"
# A brand and a wording that no seed has.
OPENINGS = ("Kunjungi", "Mampir ke", "Temukan", "Buka", "Gabung bersama", "Nikmati malam di", "Cari tahu tentang", "Singgah di")
ENDINGS = ("ruang biru penuh kejutan", "taman lilin untuk semua", "pesta lentera tiap malam", "kebun cahaya sampai pagi")
MISSED = [f"{opening} Zorvapex, {ending}" for opening in OPENINGS for ending in ENDINGS]
NEW = ["Rayakan bersama Zorvapex, kebun cahaya tiap malam", "Pulang ke Zorvapex, pesta lentera penuh kejutan"]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_few(tmp_path_factory.mktemp("seeds"))


def run(module: str, *arguments: str, **environment: str) -> None:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def saring(*arguments: str, **environment: str) -> None:
    run("service", *arguments, **environment)


def retrain(registry: Path, seeds: Path, *more: str) -> None:
    run("training", "retrain", "--registry", str(registry), "--seeds", str(seeds), "--report", str(registry / "report"), "--fast", *more)


def flagged(client: Client, line: str) -> bool:
    verdict = client.classify(f"{CLEAN}\n{line}\n{CLEAN}")
    assert isinstance(verdict, Verdict)
    return any(found.number == 2 for found in verdict.lines)


def stored(url: str, names: list[str]) -> list[int]:
    """Wait until all of these articles are in the store, where they go within a moment, and return their keys."""
    store = Store.open(url)
    try:
        wait_for(lambda: all(store.find(id=name) is not None for name in names))
        return [store.find(id=name) or 0 for name in names]
    finally:
        store.close()


class Reviewer:
    """A person at the pages of the service."""

    def __init__(self, http: httpx.Client, name: str) -> None:
        self._http = http
        self._post("/login", "/login", name=name)

    def mark_missed(self, article: int, line: int) -> None:
        self._post(f"/articles/{article}", f"/articles/{article}/missed", line=str(line), label="gambling")

    def _post(self, page: str, path: str, **fields: str) -> None:
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self._http.get(page).text)
        assert token
        self._http.post(path, data={**fields, "csrf_token": token[1]}, headers={"Referer": str(self._http.base_url)}).raise_for_status()


@pytest.fixture(scope="module")
def champion(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with a model that knows little."""
    registry = tmp_path_factory.mktemp("champion") / "models"
    retrain(registry, seeds, "--champion", "model/default", "--force", "a model that knows little")
    return registry


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_reviewer_marks_is_caught_from_then_on_and_not_after_a_rollback(
    champion: Path, seeds: Path, tmp_path: Path, kind: str
) -> None:
    registry = tmp_path / "models"
    shutil.copytree(champion, registry)
    with database(kind, tmp_path) as url:
        environment = {
            "SARING_MODEL": str(registry),
            "SARING_MODEL_POLL_SECONDS": "0.2",
            "SARING_DATABASE_URL": url,
            "SARING_OUTBOX": str(tmp_path / "outbox.db"),
        }
        saring("db", "upgrade", **environment)
        with serving(tmp_path / "log", "--workers", "1", **environment) as live, Client(live.url) as client:
            first = client.model().version
            assert not any(flagged(client, line) for line in NEW)
            # The articles are kept because of another line, which the model does know.
            for number, line in enumerate(MISSED):
                client.classify(f"{CLEAN}\n{line}\n{KNOWN} {number}", id=f"a-{number}", url=f"https://warta-{number % 8}.example/{number}")
            articles = stored(url, [f"a-{number}" for number in range(len(MISSED))])
            with httpx.Client(base_url=live.url, follow_redirects=True, timeout=PATIENCE) as http:
                reviewer = Reviewer(http, "Sri")
                for article in articles:
                    reviewer.mark_missed(article, 2)
            labels = tmp_path / "labels.jsonl"
            saring("labels", "export", "-o", str(labels), **environment)
            rows = [json.loads(row) for row in labels.read_text(encoding="utf-8").splitlines()]
            assert sorted(row["text"] for row in rows) == sorted(MISSED)

            gold = write_rows(tmp_path / "gold.jsonl", ({"text": line, "label": "gambling", "lang": "id", "group": line} for line in NEW))
            # The export and the database itself say the same.
            retrain(registry, seeds, "--labels", url if kind == "postgresql" else str(labels), "--gold", str(gold))
            wait_for(lambda: client.model().version != first)
            assert all(flagged(client, line) for line in NEW)

            roll_back(registry)
            wait_for(lambda: client.model().version == first)
            assert not any(flagged(client, line) for line in NEW)
