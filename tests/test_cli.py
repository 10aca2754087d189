"""The command line says what the HTTP interface says."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from service.cli import main
from tests.conftest import ARTICLE

ROOT = Path(__file__).parent.parent


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    good = [{"id": "a", "text": ARTICLE, "source": "satu", "score": "mine"}, {"id": 7, "text": "Harga beras naik.", "tags": [1, 2]}]
    path.write_text(f"{json.dumps(good[0])}\nbroken\n\n{json.dumps({'text': 3})}\n{json.dumps(good[1])}\n", encoding="utf-8")
    return path


def test_flagged_lines_are_printed_for_a_person(runner: CliRunner, article_file: Path) -> None:
    result = runner.invoke(main, ["classify", str(article_file)])
    assert result.exit_code == 0
    assert "2 of 11 lines flagged" in result.stdout
    assert "sbobet wap" in result.stdout
    assert "Warga" not in result.stdout
    assert "\x1b" not in result.stdout


def test_a_terminal_gets_colours_and_no_control_character_of_the_article(runner: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text("slot gacor maxwin \x1b]0;title\x07 daftar situs judi", encoding="utf-8")
    result = runner.invoke(main, ["classify", str(path)], color=True)
    assert "\x1b[31m" in result.stdout
    assert "\x1b]" not in result.stdout
    assert "\x07" not in result.stdout


def test_jsonl_prints_the_object_of_classify(runner: CliRunner, client: FlaskClient) -> None:
    result = runner.invoke(main, ["classify", "-", "--jsonl"], input=ARTICLE)
    assert json.loads(result.stdout) == client.post("/classify", json={"text": ARTICLE}).get_json()


def test_rows_keep_what_they_hold_and_broken_ones_lose_no_other(runner: CliRunner, rows: Path) -> None:
    result = runner.invoke(main, ["classify", "--jsonl", str(rows)])
    assert result.exit_code == 2
    first, second = [json.loads(row) for row in result.stdout.splitlines()]
    assert (first["id"], first["source"], first["flagged"]) == ("a", "satu", True)
    assert first["input"] == {"score": "mine"}
    assert (second["id"], second["tags"], second["flagged"]) == (7, [1, 2], False)
    errors = result.stderr.splitlines()
    assert len(errors) == 2
    assert f"{rows}: row 2: not JSON" in errors[0]
    assert f"{rows}: row 4: text must be a string" in errors[1]


def test_standard_input_may_hold_rows(runner: CliRunner) -> None:
    result = runner.invoke(main, ["classify", "--input", "jsonl", "--jsonl"], input='{"text": "a\\u2028b"}\n{"text": "c"}\n')
    assert [json.loads(row)["line_count"] for row in result.stdout.splitlines()] == [2, 1]


def test_check_exits_with_1_when_anything_was_flagged(runner: CliRunner, article_file: Path) -> None:
    assert runner.invoke(main, ["classify", "--check", str(article_file)]).exit_code == 1
    assert runner.invoke(main, ["classify", "--check", "-"], input="Harga beras naik.").exit_code == 0


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a\0b"], ids=["not UTF-8", "NUL"])
def test_a_file_that_cannot_be_read_is_named_and_the_others_are_judged(
    runner: CliRunner, tmp_path: Path, article_file: Path, content: bytes
) -> None:
    bad, absent, empty = tmp_path / "bad.txt", tmp_path / "absent.txt", tmp_path / "empty"
    bad.write_bytes(content)
    empty.mkdir()
    result = runner.invoke(main, ["classify", str(bad), str(absent), str(empty), str(article_file)])
    assert result.exit_code == 2
    assert [error.split(": ")[1] for error in result.stderr.splitlines()] == [str(bad), str(absent), str(empty)]
    assert "sbobet wap" in result.stdout


def test_a_model_that_cannot_be_used_is_one_line(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(main, ["--model", str(tmp_path), "classify", "-"], input="a")
    assert result.exit_code != 0
    assert "manifest.json" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_threshold_outside_0_to_1_is_refused(runner: CliRunner) -> None:
    assert runner.invoke(main, ["classify", "--threshold", "1.5", "-"], input="a").exit_code == 2


def commands(group: click.Group) -> list[click.Command]:
    context = click.Context(group)
    return [command for name in group.list_commands(context) if (command := group.get_command(context, name))]


@pytest.mark.parametrize("command", commands(main), ids=lambda command: command.name)
def test_every_command_and_option_has_help_and_stands_in_the_readme(command: click.Command) -> None:
    assert command.help
    assert all(parameter.help for parameter in command.params if isinstance(parameter, click.Option))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"saring {command.name}" in readme


def test_a_port_in_use_is_one_line_on_stderr(runner: CliRunner) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        # The variable of the shared metrics must not stay in this process.
        result = runner.invoke(main, ["serve", "--port", str(taken.getsockname()[1])], env={"PROMETHEUS_MULTIPROC_DIR": None})
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Address already in use" in result.stderr
    assert result.stderr.count("\n") == 1
