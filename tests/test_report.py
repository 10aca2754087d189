"""``saring report``: one page, from articles, folders or verdicts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.reports.plots import interval, stacked_columns
from tests.conftest import ARTICLE

SPAM = "slot gacor maxwin daftar situs judi"


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    rows = [
        {"id": "a", "text": ARTICLE, "url": "https://www.Satu.example/a", "time": "2026-11-20T23:30:00+07:00"},
        {"id": "b", "text": f"Harga beras naik.\n{SPAM}", "url": "https://satu.example/b", "date": "2026-11-22"},
        {"id": "c", "text": "Harga beras naik."},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def report(runner: CliRunner, *arguments: object) -> tuple[Result, str]:
    """Run the command and return its page with what is between the tags put in one line."""
    output = Path(str(arguments[0])).parent / "out.html"
    result = runner.invoke(main, ["report", *map(str, arguments), "-o", str(output)])
    return result, output.read_text(encoding="utf-8") if output.exists() else ""


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.replace("<wbr>", "")).split())


def test_it_is_one_page_that_needs_nothing_else(runner: CliRunner, articles: Path) -> None:
    with articles.open("a", encoding="utf-8") as file:
        file.write('broken\n{"text": 3}\n')
    result, page = report(runner, articles)
    assert result.exit_code == 2
    assert "<mark>sbobet wap</mark>" in page
    assert "Warga berharap" in page
    assert "2 articles could not be read" in page
    assert "src=" not in page
    assert "url(" not in page
    assert all(target.startswith("#") for target in re.findall(r'href="([^"]*)', page))


def test_it_counts_by_day_site_and_label(runner: CliRunner, articles: Path) -> None:
    result, page = report(runner, articles)
    assert result.exit_code == 0
    assert "2 of 3 articles flagged" in result.stderr
    text = words(page)
    assert "3 lines flagged in 3 days, most on 20 Nov (2)" in text
    assert "1 site with injected lines" in text
    assert "satu.example 3 2 22 Nov 2026" in text
    assert "21 Nov: " not in page


def test_what_is_not_known_takes_no_column(runner: CliRunner, article_file: Path) -> None:
    text = words(report(runner, article_file)[1])
    assert "Brand Lines gacor88 1" in text
    assert "First seen" not in text
    assert "Sites" not in text


def test_verdicts_give_the_report_of_their_articles_without_a_model(runner: CliRunner, articles: Path, tmp_path: Path) -> None:
    verdicts = tmp_path / "verdicts.jsonl"
    verdicts.write_text(runner.invoke(main, ["classify", "--jsonl", str(articles)]).stdout, encoding="utf-8")
    (tmp_path / "no-model").mkdir()
    output = tmp_path / "out.html"
    result = runner.invoke(main, ["--model", str(tmp_path / "no-model"), "report", str(verdicts), "-o", str(output)])
    assert result.exit_code == 0, result.stderr
    text = words(output.read_text(encoding="utf-8"))
    assert "3 lines flagged in 3 days, most on 20 Nov (2)" in text
    assert "sbobet wap" in text
    assert "satu.example 3 2 22 Nov 2026" in text


@pytest.mark.parametrize(
    "fault",
    [{"lines": 3}, {"lines": [{"number": 1}]}, {"model": None}, {"lines": [{"number": 1, "start": 0, "end": 9, "text": "a", "spans": []}]}],
    ids=["no list", "no line", "no model", "wrong offsets"],
)
def test_a_broken_verdict_is_named(runner: CliRunner, tmp_path: Path, fault: dict[str, object]) -> None:
    path = tmp_path / "verdicts.jsonl"
    path.write_text(json.dumps({"id": "a", "line_count": 1, "lines": [], "model": {"version": "1"}} | fault), encoding="utf-8")
    result, page = report(runner, path)
    assert result.exit_code == 2
    assert f"{path}: row 1: " in result.stderr
    assert "1 article could not be read and is missing" in page


def test_a_folder_is_read_whole_but_for_hidden_and_foreign_files(runner: CliRunner, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    (folder / "deeper").mkdir(parents=True)
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "deeper" / "b.md").write_text(SPAM, encoding="utf-8")
    (folder / ".hidden.txt").write_text(SPAM, encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\xff\xfe")
    result, _ = report(runner, folder)
    assert result.exit_code == 0
    assert "2 of 2 articles flagged" in result.stderr


def test_what_is_not_shown_is_counted(runner: CliRunner, articles: Path) -> None:
    _, page = report(runner, articles, "--most", "1")
    assert "1 further flagged articles are counted" in page
    assert SPAM not in page


def test_markup_is_shown_as_text(runner: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    row = {"id": "<b>x</b>", "url": "https://<i>.example/", "text": "slot gacor maxwin <script>alert(1)</script> daftar situs judi"}
    path.write_text(json.dumps(row), encoding="utf-8")
    result, page = report(runner, path)
    assert result.exit_code == 0
    assert not re.search(r"<(script|b|i)>", page)
    assert "&lt;script&gt;" in page


def test_columns_stand_on_each_other_below_round_marks() -> None:
    plot = stacked_columns(["Mon", "Tue"], {"gambling": [30, 0], "promotion": [15, 7]})
    assert [tick.text for tick in plot.counts] == ["0", "20", "40", "60"]
    assert [bar.title for bar in plot.bars] == ["Mon: 30 gambling", "Mon: 15 promotion", "Tue: 7 promotion"]
    lower, upper, _ = plot.bars
    assert upper.y + upper.height == pytest.approx(lower.y)
    assert lower.y + lower.height == pytest.approx(plot.height)
    with pytest.raises(ValueError, match="categories"):
        stacked_columns(["Mon"], {"gambling": [1, 2]})


def test_the_interval_of_a_share_holds_it_and_narrows_with_more_counts() -> None:
    assert interval(0, 0) == (0, 1)
    few, many = interval(1, 10), interval(100, 1000)
    assert few[0] < many[0] < 0.1 < many[1] < few[1]
    assert interval(0, 50)[0] == 0
