"""Labels that would make the model worse change nothing: the challenger is refused, with reasons, and the champion stays as it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from model import Classifier
from tests.few_seeds import copy_few, read_seeds, write_rows
from training.__main__ import main

Rows = list[dict[str, Any]]


def flipped() -> Rows:
    """Reviewers who press the wrong key: what is spam is called clean, and the other way round."""
    spam, clean = read_seeds("lines/id_web_spam_1.jsonl"), read_seeds("lines/id_comments_clean_1.jsonl")
    return [{**row, "label": "clean"} for row in spam] + [{**row, "label": "gambling"} for row in clean]


def copied() -> Rows:
    """One honest line that was sent in a thousand times as spam, under many names."""
    line = {"text": "Baca juga: Harga beras naik pekan ini", "label": "gambling", "lang": "id"}
    return [{**line, "group": f"g-{n}", "source": f"s-{n}.example", "reviewer": f"r-{n % 7}"} for n in range(1000)]


def nearly_copied() -> Rows:
    """The same with a number in it, so that no two rows are alike."""
    return [{**row, "text": f"{row['text']} ({n})"} for n, row in enumerate(copied())]


def site_as_spam() -> Rows:
    """Everything that a news site published, marked as spam."""
    return [
        {"text": line, "label": "gambling", "lang": "id", "group": article["id"], "source": "warta.example"}
        for article in read_seeds("articles/id_news_2.jsonl")
        for line in article["text"].splitlines()
        if line.strip()
    ]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_few(tmp_path_factory.mktemp("seeds"))


def retrain(registry: Path, seeds: Path, *more: str) -> Result:
    report = str(registry.with_name("report"))
    command = ["retrain", "--seeds", str(seeds), "--registry", str(registry), "--report", report, "--fast", *more]
    return CliRunner().invoke(main, command)


@pytest.fixture(scope="module")
def registry(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with a champion that was fitted on the same seeds."""
    path = tmp_path_factory.mktemp("champion") / "models"
    result = retrain(path, seeds, "--champion", "model/default", "--force", "a champion for tests")
    assert result.exit_code == 0, result.output
    return path


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("poison", [flipped, copied, nearly_copied, site_as_spam])
def test_poisoned_labels_are_refused(registry: Path, seeds: Path, tmp_path: Path, poison: Callable[[], Rows]) -> None:
    before, version = content(registry), Classifier.load(registry).manifest.version
    labels = write_rows(tmp_path / "labels.jsonl", poison())
    result = retrain(registry, seeds, "--labels", str(labels))
    assert result.exit_code == 3, result.output
    assert "The challenger was refused; the champion stays." in result.stderr

    report = registry.with_name("report")
    metrics = json.loads((report / "metrics.json").read_text(encoding="utf-8"))
    page = (report / "report.html").read_text(encoding="utf-8")
    assert not metrics["accepted"]
    assert metrics["champion"] == version
    assert metrics["reasons"]
    # What counts once may also do nothing at all.
    assert poison is copied or any("is worse" in reason for reason in metrics["reasons"])
    assert all(f"  {reason}\n" in result.stderr and escape(reason) in page for reason in metrics["reasons"])

    assert content(registry) == before
    assert Classifier.load(registry).manifest.version == version


def test_copies_of_a_line_count_once(registry: Path, seeds: Path, tmp_path: Path) -> None:
    labels = write_rows(tmp_path / "labels.jsonl", copied())
    result = retrain(registry, seeds, "--labels", str(labels), "--strict")
    assert result.exit_code == 2
    assert f"{labels}: row 8: duplicate: " in result.stderr
