"""Labelled data is looked over before anything learns from it, and every problem is named with its file and row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.checks import check, without_contradicted, write_rejects
from training.data import LabelledArticle, LabelledSpan
from training.errors import DataError


def write(path: Path, rows: list[object]) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8")
    return path


def test_good_rows_are_kept_with_their_weight(tmp_path: Path) -> None:
    path = write(tmp_path / "labels.jsonl", [{"text": "sbobet wap", "label": "gambling"}, {"text": "Harga naik.", "label": "clean"}])
    checked = check([path], weight=3.0)
    assert [(row.text, row.label, row.weight) for row in checked.articles] == [
        ("sbobet wap", "gambling", 3.0),
        ("Harga naik.", "clean", 3.0),
    ]
    assert checked.problems == []


def test_each_problem_names_file_and_row_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = write(
        tmp_path / "labels.jsonl",
        [
            {"text": "sbobet wap", "label": "gambling"},
            "broken",
            {"text": "  ", "label": "clean"},
            {"text": "Harga naik.", "label": "sampah"},
            {"text": "SBOBET  wap", "label": "gambling"},
            {"text": "Kopi 88", "label": "clean"},
            {"text": "kopi 88", "label": "gambling"},
            ["a list"],
        ],
    )
    checked = check([path])
    assert [row.text for row in checked.articles] == ["sbobet wap"]
    found = [(problem.row, problem.kind) for problem in checked.problems]
    assert found == [
        (2, "unreadable"),
        (3, "unreadable"),
        (4, "unreadable"),
        (5, "duplicate"),
        (6, "contradiction"),
        (7, "contradiction"),
        (8, "unreadable"),
    ]
    assert all(problem.file == str(path) for problem in checked.problems)
    assert checked.counts() == {"contradiction": 2, "duplicate": 1, "unreadable": 4}


def test_a_text_of_the_seeds_moves_to_its_group_there(tmp_path: Path) -> None:
    path = write(tmp_path / "labels.jsonl", [{"text": "Sbobet Wap", "label": "clean", "group": "mine"}])
    seed = LabelledArticle("s", "sbobet wap", (LabelledSpan(0, 10, "gambling"),), "id", "line", "brands")
    checked = check([path], beside=[seed])
    assert checked.articles[0].group == "brands"
    assert [problem.kind for problem in checked.problems] == ["leakage"]
    assert without_contradicted([seed], checked.articles) == []


def test_bytes_that_are_not_utf8_are_a_problem_of_their_row(tmp_path: Path) -> None:
    csv = tmp_path / "labels.csv"
    csv.write_bytes(b"text,label\nbagus,clean\ncaf\xe9,clean\n")
    jsonl = tmp_path / "labels.jsonl"
    jsonl.write_bytes(b'{"text": "caf\xe9", "label": "clean"}\n{"text": "baik", "label": "clean"}\n')
    checked = check([csv, jsonl])
    assert [row.text for row in checked.articles] == ["bagus", "baik"]
    assert [(Path(problem.file).name, problem.row) for problem in checked.problems] == [("labels.csv", 2), ("labels.jsonl", 1)]


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere"):
        check([tmp_path / "nowhere.jsonl"])


def test_rejects_hold_the_rows_that_have_the_problem(tmp_path: Path) -> None:
    lines = ["broken", {"text": "sbobet wap", "label": "ham"}, {"text": "Kopi 88", "label": "clean"}, {"text": "kopi 88", "label": "clean"}]
    path = write(tmp_path / "labels.jsonl", lines)
    write_rejects(tmp_path / "rejects.jsonl", check([path]).problems)
    rows = [json.loads(row) for row in (tmp_path / "rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["row"], row["kind"]) for row in rows] == [(1, "unreadable"), (2, "unreadable"), (4, "duplicate")]
    assert rows[0]["content"] == "broken"
    assert rows[1]["content"] == {"text": "sbobet wap", "label": "ham"}
    assert rows[2]["content"]["text"] == "kopi 88"
