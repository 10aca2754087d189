"""Labels are read from a database as they are from a file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.conftest import skip_or_fail
from training.__main__ import main
from training.checks import check
from training.data import read_labelled
from training.errors import DataError

LABELS = (
    "CREATE TABLE labels (id INTEGER, text TEXT, label TEXT, lang TEXT, source TEXT, reviewer TEXT)",
    "INSERT INTO labels VALUES (2, 'Harga beras naik.', 'clean', 'id', 'satu.example', 'ani')",
    "INSERT INTO labels VALUES (1, 'PULAUBET77 gacor', 'gambling', 'id', 'dua.example', 'budi')",
    "INSERT INTO labels VALUES (3, 'Kopi 88', 'ham', NULL, NULL, NULL)",
)
SERVICE = (
    "CREATE TABLE articles (id INTEGER PRIMARY KEY, lang TEXT)",
    "CREATE TABLE lines (id INTEGER PRIMARY KEY, article_id INTEGER, text TEXT, site TEXT, near_key TEXT, state TEXT,"
    " decided_label TEXT, decided_spans JSON, decided_by TEXT)",
    "INSERT INTO articles VALUES (1, 'id')",
    "INSERT INTO lines VALUES (1, 1, 'Harga naik. slot gacor', 'satu.example', 'k1', 'confirmed', 'gambling', '[[12, 22]]', 'ani')",
    "INSERT INTO lines VALUES (2, 1, 'Kopi 88', 'satu.example', 'k2', 'rejected', 'clean', '[]', 'ani')",
    "INSERT INTO lines VALUES (3, 1, 'Belum diputuskan', 'satu.example', 'k3', 'open', NULL, NULL, NULL)",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'labels.db'}"
        return
    server = os.environ.get("SARING_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432")
    name = f"saring_labels_{uuid4().hex[:12]}"
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        skip_or_fail("no PostgreSQL listens on 127.0.0.1:5432")
    yield f"{server}/{name}"
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    engine.dispose()


def fill(url: str, statements: tuple[str, ...]) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_rows_come_in_order_with_who_and_where(url: str) -> None:
    fill(url, LABELS)
    checked = check([url])
    assert [(row.text, row.label, row.source, row.reviewer) for row in checked.articles] == [
        ("PULAUBET77 gacor", "gambling", "dua.example", "budi"),
        ("Harga beras naik.", "clean", "satu.example", "ani"),
    ]
    assert [(problem.row, problem.kind) for problem in checked.problems] == [(3, "unreadable")]


def test_the_decided_lines_of_the_service_are_labels(url: str) -> None:
    fill(url, SERVICE)
    first, second = read_labelled([url])
    assert (first.text[first.spans[0].start : first.spans[0].end], first.label, first.group) == ("slot gacor", "gambling", "k1")
    assert (second.text, second.label, second.kind, second.source) == ("Kopi 88", "clean", "line", "satu.example")


def test_a_database_that_cannot_be_read_is_one_line_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no table or view named labels"):
        read_labelled([f"sqlite:///{tmp_path / 'empty.db'}"])
    command = ["retrain", "--registry", str(tmp_path), "--labels", "postgresql+psycopg://me:secret@127.0.0.1:9/none?connect_timeout=1"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    assert "127.0.0.1:9" in result.stderr
    assert "secret" not in result.stderr


def test_disagreement_between_reviewers_is_kept_with_their_names(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    rows = [
        {"text": "Kopi 88", "label": "clean", "reviewer": "ani"},
        {"text": "kopi  88", "label": "gambling", "reviewer": "budi"},
        {"text": "sbobet wap", "label": "gambling", "reviewer": "ani"},
        {"text": "sbobet wap", "label": "gambling", "reviewer": "budi"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    checked = check([path])
    assert [row.text for row in checked.articles] == ["sbobet wap"]
    assert [one.told for one in checked.disagreements] == [{"clean": ("ani",), "gambling": ("budi",)}]
    assert checked.agreements == [frozenset({"ani", "budi"})]
    assert checked.counts() == {"contradiction": 2}
