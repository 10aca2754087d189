"""Labels that a retraining doubts go back to the queue of reviewers, and come out of it decided anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.review.filters import Filters
from service.store import Store
from tests.databases import KINDS, database
from tests.few_seeds import write_rows
from tests.reports import arrival
from training.label_quality import Suspect

NEWS = "Harga beras naik lagi.\nsitus gacor88 resmi\nPasar penuh."
WHY = "the model contradicts this label with confidence, out of fold"


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store in which Ani decided three lines: two that were flagged, and one that was missed."""
    store = Store.open(url)
    store.upgrade()
    store.save_all([arrival(1, NEWS, "a", gacor=0.9), arrival(1, "Cuaca cerah.\nslot panen raya", "b", slot=0.6)])
    for text, label in (("situs gacor88 resmi", "clean"), ("slot panen raya", "gambling")):
        card = next(card for card in store.queue(Filters(), "Ani").cards if card.line.line.text == text)
        store.decide(card.id, card.revision, label, None, "Ani")
    store.mark_missed(store.find(id="a") or 0, 3, None, "promotion", "Ani")
    yield store
    store.close()


def suspect(text: str, label: str) -> dict[str, Any]:
    return {"id": "line-1", "text": text, "label": label, "score": 0.98, "origin": "labels", "why": WHY}


def reopen(url: str, folder: Path, *rows: dict[str, Any]) -> Result:
    return CliRunner().invoke(main, ["labels", "reopen", "--database", url, str(write_rows(folder / "suspects.jsonl", rows))])


def queue(store: Store) -> list[str]:
    return [card.line.line.text for card in store.queue(Filters(), "Budi").cards]


def labels(store: Store) -> dict[str, tuple[str, str]]:
    return {row["text"]: (row["label"], row["reviewer"]) for row in store.labels()}


def test_a_doubted_label_is_decided_anew_by_somebody_who_knows_why(store: Store, url: str, tmp_path: Path) -> None:
    store.save_all([arrival(2, "Jalan ramai.\nkasino baru dibuka", "c", kasino=0.5)])
    result = reopen(
        url, tmp_path, suspect("Situs GACOR88 resmi", "clean"), suspect("slot panen raya", "clean"), suspect("of the seeds", "clean")
    )
    assert (result.exit_code, result.output) == (0, "1 line of 3 doubted texts sent back to /review\n")
    assert queue(store) == ["situs gacor88 resmi", "kasino baru dibuka"]
    assert labels(store).keys() == {"slot panen raya", "Pasar penuh."}

    card = store.queue(Filters(), "Budi").cards[0]
    assert card.reasons[0] == f"Ani said clean, but {WHY}"
    store.decide(card.id, card.revision, "gambling", None, "Budi")
    (row,) = [row for row in store.labels() if row["text"] == "situs gacor88 resmi"]
    assert (row["label"], row["reviewer"], row["spans"]) == ("gambling", "Budi", [[6, 11, "gambling"]])
    assert [(other["reviewer"], other["label"]) for other in row["contradictions"]] == [("Ani", "clean")]


def test_a_line_is_sent_back_once(store: Store, url: str, tmp_path: Path) -> None:
    doubted = suspect("situs gacor88 resmi", "clean")
    reopen(url, tmp_path, doubted)
    assert "0 lines" in reopen(url, tmp_path, doubted).output
    card = store.queue(Filters(), "Budi").cards[0]
    store.decide(card.id, card.revision, "clean", None, "Budi")
    assert "0 lines" in reopen(url, tmp_path, doubted).output
    assert labels(store)["situs gacor88 resmi"] == ("clean", "Budi")


def test_texts_on_which_reviewers_disagree_go_back_too(store: Store, url: str, tmp_path: Path) -> None:
    told = {"clean": ["Ani"], "gambling": ["Budi"]}
    reopen(url, tmp_path, {"text": "situs gacor88 resmi", "labels": told, "why": "reviewers labelled it in different ways"})
    assert queue(store) == ["situs gacor88 resmi"]


def test_what_was_sent_back_is_not_lost_when_its_article_comes_again(store: Store, url: str, tmp_path: Path) -> None:
    reopen(url, tmp_path, suspect("Pasar penuh.", "promotion"), suspect("situs gacor88 resmi", "clean"))
    assert queue(store) == ["Pasar penuh.", "situs gacor88 resmi"]
    store.save_all([arrival(3, NEWS, "a")])  # a model that flags nothing of it
    assert queue(store) == ["Pasar penuh.", "situs gacor88 resmi"]
    store.save_all([arrival(4, f"Kabar baru.\n{NEWS}", "a", Kabar=0.9)])  # and one that flags something else
    assert queue(store)[:2] == ["Pasar penuh.", "situs gacor88 resmi"]
    card = store.queue(Filters(), "Budi").cards[0]
    assert (card.label, card.line.line.number) == ("promotion", 4)


def test_a_file_that_is_none_of_doubts_is_refused(store: Store, url: str, tmp_path: Path) -> None:
    result = reopen(url, tmp_path, suspect("situs gacor88 resmi", "clean"), {"text": "a"})
    assert result.exit_code == 1
    assert f"{tmp_path / 'suspects.jsonl'}: row 2: not a doubted label" in result.output
    assert queue(store) == []


def test_rows_of_a_retraining_are_doubts(store: Store, url: str, tmp_path: Path) -> None:
    doubted = Suspect("situs gacor88 resmi", "clean", 0.98, "line-1", "labels").to_review()
    assert "1 line of 1" in reopen(url, tmp_path, doubted).output
