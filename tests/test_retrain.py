"""One script turns labelled data into a better model, or says why not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from model import Article, Classifier
from model.drift import compare
from tests.few_seeds import copy_few
from training.__main__ import main
from training.commands.common import SEEDS
from training.drift import profile
from training.publish import list_versions
from training.suggest import suggest


def retrain(registry: Path, seeds: Path, *more: str) -> Result:
    report = str(registry / "report")
    gold = [str(SEEDS / "lines" / name) for name in ("id_web_spam_1.jsonl", "id_comments_clean_1.jsonl")]
    return CliRunner().invoke(
        main,
        [
            "retrain",
            "--seeds",
            str(seeds),
            "--registry",
            str(registry),
            "--fast",
            "--report",
            report,
            "--gold",
            gold[0],
            "--gold",
            gold[1],
            *more,
        ],
    )


@pytest.fixture(scope="module")
def some_seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_few(tmp_path_factory.mktemp("seeds"))


@pytest.fixture(scope="module")
def weak(some_seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A champion that was fitted on little."""
    few = tmp_path_factory.mktemp("few")
    for name in ("id_news_1.jsonl", "id_clean_1.jsonl"):
        shutil.copy(some_seeds / name, few)
    spam = (some_seeds / "id_web_spam_2.jsonl").read_text(encoding="utf-8").splitlines()
    (few / "spam.jsonl").write_text("\n".join(spam[::12]) + "\n", encoding="utf-8")
    output = tmp_path_factory.mktemp("weak") / "model"
    result = retrain(output, few, "--champion", "model/default", "--force", "a weak champion for tests")
    assert result.exit_code == 0, result.output
    return output


def test_a_forced_version_records_who_and_why(weak: Path) -> None:
    forced = Classifier.load(weak).manifest.figures["forced"]
    assert forced["why"] == "a weak champion for tests"
    assert forced["by"]


def test_a_better_challenger_is_published_and_reported(weak: Path, some_seeds: Path, tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    shutil.copytree(weak, registry)
    before = Classifier.load(registry).manifest.version
    labels = tmp_path / "labels.jsonl"
    rows = [{"text": "Kopi 88 buka di Depok", "label": "clean"}, {"text": "LAYANGBET77 bonus harian", "label": "gambling"}]
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows) + "broken\n", encoding="utf-8")
    result = retrain(registry, some_seeds, "--labels", str(labels))
    assert result.exit_code == 0, result.output
    assert f"{labels}: row 3: unreadable" in result.stderr
    assert Classifier.load(registry).manifest.version != before
    assert len(list_versions(registry)) == 2
    metrics = json.loads((registry / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["accepted"]
    assert metrics["data"]["problems"] == {"unreadable": 1}
    assert {"recall", "false alarms", "calibration error", "megabytes", "seconds per megabyte"} <= {
        row["name"] for row in metrics["figures"]
    }
    page = (registry / "report" / "report.html").read_text(encoding="utf-8")
    assert "accepted" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_a_worse_challenger_is_refused_and_the_champion_stays(weak: Path, some_seeds: Path, tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    few = tmp_path / "few"
    few.mkdir()
    shutil.copytree(weak, registry)
    for name in ("id_news_1.jsonl", "id_clean_1.jsonl"):
        shutil.copy(some_seeds / name, few)
    spam = (some_seeds / "id_web_spam_2.jsonl").read_text(encoding="utf-8").splitlines()
    (few / "spam.jsonl").write_text("\n".join(spam[::6]) + "\n", encoding="utf-8")
    result = retrain(registry, few, "--champion", "model/default")
    assert result.exit_code == 3, result.output
    assert "is worse" in result.stderr
    assert Classifier.load(registry).manifest.version == Classifier.load(weak).manifest.version


def test_strict_stops_at_the_first_look(weak: Path, some_seeds: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text("broken\n", encoding="utf-8")
    result = retrain(tmp_path / "none", some_seeds, "--labels", str(labels), "--strict")
    assert result.exit_code == 2
    assert "1 problems in the labels" in result.stderr


def test_versions_are_listed_and_rolled_back(weak: Path) -> None:
    listed = CliRunner().invoke(main, ["versions", str(weak)])
    assert listed.output.startswith("* ")
    assert "threshold" in listed.output
    refused = CliRunner().invoke(main, ["rollback", str(weak)])
    assert refused.exit_code == 1
    assert "older" in refused.output


def test_suggestions_are_uncertain_and_unlike_each_other(classifier: Classifier) -> None:
    pool = [Article("Harga beras naik di pasar induk.\nKunjungi Istana Mimpi sekarang\nKunjungi Istana Mimpi sekarang juga", id="a")]
    found = suggest(classifier, pool, 3)
    assert len(found) == 2
    assert found[0].uncertainty >= found[1].uncertainty
    assert {line.id for line in found} == {"a"}


def test_drift_is_seen_where_the_texts_change(classifier: Classifier) -> None:
    calm = [Article(f"Harga beras naik {n} persen di pasar induk.\nPedagang mengeluh kepada dinas.", lang="id") for n in range(30)]
    wild = [Article(f"Daftar LAYANGBET{n} bonus 100%\nslot gacor maxwin hari ini", lang="ms") for n in range(30)]
    before = profile(classifier, calm)
    assert not compare(before, profile(classifier, calm)).due
    moved = compare(before, profile(classifier, wild))
    assert moved.due
    assert moved.verdict.startswith("Retraining is due: ")
    assert moved.flagged > 0.5


def test_suggest_and_drift_speak_on_the_command_line(tmp_path: Path) -> None:
    pool = tmp_path / "pool.jsonl"
    pool.write_text('{"text": "Harga naik.\\nsbobet wap", "id": 7}\nbroken\n', encoding="utf-8")
    result = CliRunner().invoke(main, ["suggest", "--pool", str(pool), "-n", "1"])
    assert json.loads(result.stdout)["id"] == "7"
    assert f"{pool}: row 2" in result.stderr
    result = CliRunner().invoke(main, ["drift", "--reference", str(pool), "--current", str(pool)])
    assert "Retraining is not due" in result.stdout


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_and_stands_in_the_readme(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert main.commands[name].help
    assert f"python -m training {name}" in (SEEDS.parent / "README.md").read_text(encoding="utf-8")
