"""What the store keeps, in SQLite and in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from model import Span
from service.reports.figures import Brand, Site, Version
from service.reports.periods import Period
from service.review.desk import ConflictError, GoneError
from service.review.filters import Filters
from service.store import Store, StoreError
from service.store.arrivals import arrive
from service.store.engine import REVISION
from service.store.schema import metadata
from service.store.upgrade import configuration
from tests.databases import KINDS, database
from tests.reports import arrival, report

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
TEXT = "Harga beras naik.\nPetani menjual gabah.\n\nsitus gacor88 resmi\nWarga senang.\nPasar penuh.\nJalan ramai."


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = Store.open(url)
    store.upgrade()
    yield store
    store.close()


def texts(store: Store, **filters: object) -> list[str]:
    found: list[str] = []
    at = None
    while True:
        page = store.queue(Filters(**filters), "", at)  # type: ignore[arg-type]
        found += [card.line.line.text for card in page.cards]
        if (at := page.next) is None:
            return found


def test_a_database_is_upgraded_once_and_says_so_before(url: str) -> None:
    store = Store.open(url)
    with pytest.raises(StoreError, match="saring db upgrade"):
        store.check()
    assert store.upgrade() == (None, REVISION)
    assert store.upgrade() == (REVISION, REVISION)
    store.check()
    store.close()


def test_migrations_make_the_tables_that_the_code_uses(store: Store) -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == REVISION
    with store.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    # Alembic does not know that this index is PostgreSQL's alone.
    assert [difference for difference in differences if getattr(difference[1], "name", None) != "ix_lines_folded"] == []


@pytest.mark.parametrize("url", ["oracle://host/name", "nonsense", "mysql://user:secret@host/name"])
def test_other_databases_are_refused_without_their_password(url: str) -> None:
    with pytest.raises(StoreError, match="expected sqlite") as caught:
        Store.open(url)
    assert "secret" not in str(caught.value)


def test_a_flagged_article_is_kept_whole(store: Store) -> None:
    store.save(report(TEXT, "a-1", "https://www.Kabar.example/x", gacor88=0.9))
    (card,) = store.queue(Filters(), "").cards
    assert (card.line.line.number, card.line.line.text, card.label, card.score) == (4, "situs gacor88 resmi", "gambling", 0.9)
    assert [piece.text for piece in card.line.pieces if piece.marked] == ["gacor88"]
    assert [(line.number, line.text) for line in card.before] == [(1, "Harga beras naik."), (2, "Petani menjual gabah.")]
    assert [(line.number, line.text) for line in card.after] == [(5, "Warga senang."), (6, "Pasar penuh.")]
    assert (card.site, card.version, card.reasons, card.title) == ("kabar.example", "1", ("names gacor88",), "a-1")
    article = store.article(card.article_id)
    assert [line.marked.line.text for line in article.lines] == TEXT.split("\n")
    assert article.clean_text == TEXT.replace("situs gacor88 resmi", "situs resmi")
    assert (article.url, article.flagged) == ("https://www.Kabar.example/x", 1)


def test_an_article_without_a_flag_leaves_counts_alone(store: Store) -> None:
    store.save_all([arrival(3, "Hujan turun.\nWarga senang.", "a-1"), arrival(3, TEXT, gacor88=0.9)])
    assert store.find(id="a-1") is None
    assert store.find(text="Hujan turun.\nWarga senang.") is None
    figures = store.figures(NOVEMBER)
    assert (figures.articles, figures.lines, figures.flagged, figures.flagged_articles) == (2, 9, 1, 1)


def test_the_same_id_updates_and_keeps_what_was_decided(store: Store) -> None:
    store.save(report(f"{TEXT}\nraja77", "a-1", "https://kabar.example/x", gacor88=0.9, raja77=0.8))
    card = next(card for card in store.queue(Filters(), "").cards if "gacor88" in card.line.line.text)
    store.decide(card.id, card.revision, "promotion", None, "Sri")
    store.save(report(f"Baru.\n{TEXT}\nkoi99", "a-1", version="2", gacor88=0.7, koi99=0.8))
    assert texts(store) == ["koi99"]
    article = store.article(card.article_id)
    assert [(line.marked.line.number, line.decision and line.decision.label) for line in article.lines if line.id] == [
        (5, "promotion"),
        (9, None),
    ]
    assert article.url == "https://kabar.example/x"
    assert article.version == "2"


def test_the_same_text_updates_whatever_its_id(store: Store) -> None:
    for name in ("a-1", None, "a-2"):
        store.save(report(TEXT, name, gacor88=0.9))
    assert len(texts(store)) == 1
    assert store.find(id="a-1") == store.find(id="a-2") == store.find(text=TEXT) is not None


def test_an_id_that_takes_over_the_text_of_another_doubles_nothing(store: Store) -> None:
    store.save(report(TEXT, "a-1", gacor88=0.9))
    store.save(report("situs raja77 resmi", "a-2", raja77=0.9))
    card = store.queue(Filters(text="raja77"), "").cards[0]
    store.decide(card.id, card.revision, "clean", None, "Sri")
    store.save(report(TEXT, "a-2", gacor88=0.9))
    assert texts(store) == ["situs gacor88 resmi"]
    assert store.find(id="a-2") == store.find(id="a-1")
    assert [(row["text"], row["label"]) for row in store.labels()] == [("situs raja77 resmi", "clean")]


def test_an_article_that_is_clean_now_goes_but_for_what_was_decided(store: Store) -> None:
    store.save(report(TEXT, "a-1", gacor88=0.9))
    store.save(report(TEXT, "a-1"))
    assert store.find(id="a-1") is None
    store.save(report(TEXT, "a-1", gacor88=0.9))
    (card,) = store.queue(Filters(), "").cards
    store.decide(card.id, card.revision, "gambling", None, "Sri")
    store.save(report(TEXT, "a-1"))
    assert texts(store) == []
    assert [row["text"] for row in store.labels()] == ["situs gacor88 resmi"]


def test_the_queue_begins_near_the_threshold_and_then_with_new_names(store: Store) -> None:
    store.save_all([arrival(1, "lama gacor88", gacor88=0.99), arrival(2, "baru raja77", raja77=0.99), arrival(3, "ragu", ragu=0.51)])
    assert texts(store) == ["ragu", "baru raja77", "lama gacor88"]


def test_the_queue_shows_one_of_each_group_of_near_duplicates(store: Store) -> None:
    store.save_all([arrival(day, f"Situs gacor{day}00!", gacor=0.9) for day in range(1, 8)])
    page = store.queue(Filters(), "")
    (card,) = page.cards
    assert (card.group_size, len(card.alike), page.total) == (7, 5, 7)
    assert len(texts(store, since=date(2026, 11, 5))) == 1
    assert store.queue(Filters(since=date(2026, 11, 5)), "").total == 3


def test_pages_lead_on_and_back(store: Store) -> None:
    store.save_all(
        [arrival(1, f"situs {word}bola", **{f"{word}bola": 0.6 + i / 100}) for i, word in enumerate("aku kamu dia kita mereka".split())]
    )
    first = store.queue(Filters(), "", size=2)
    second = store.queue(Filters(), "", first.next, size=2)
    third = store.queue(Filters(), "", second.next, size=2)
    assert [len(page.cards) for page in (first, second, third)] == [2, 2, 1]
    assert len({card.id for page in (first, second, third) for card in page.cards}) == 5
    assert (first.previous, third.next) == (None, None)
    assert store.queue(Filters(), "", third.previous, size=2).cards == second.cards
    assert store.queue(Filters(state="all"), "", size=5).next is None


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"site": "a.example"}, ["satu gacor88"]),
        ({"version": "2"}, ["dua raja77"]),
        ({"low": 0.8}, ["satu gacor88"]),
        ({"high": 0.8}, ["dua raja77"]),
        ({"since": date(2026, 11, 2)}, ["dua raja77"]),
        ({"until": date(2026, 11, 1)}, ["satu gacor88"]),
        ({"label": "promotion"}, []),
        ({"text": "SATU"}, ["satu gacor88"]),
        ({"text": "𝗿𝗮𝗷𝗮 dua"}, ["dua raja77"]),
        ({"text": "%"}, []),
        ({"state": "decided"}, []),
        ({"state": "all"}, ["dua raja77", "satu gacor88"]),
    ],
)
def test_filters(store: Store, filters: dict[str, object], expected: list[str]) -> None:
    store.save_all(
        [
            arrival(1, "satu gacor88", url="https://a.example/", gacor88=0.9),
            arrival(2, "dua raja77", url="https://b.example/", version="2", raja77=0.7),
        ]
    )
    assert texts(store, **filters) == expected


def test_a_group_is_decided_at_once_and_undone_at_once(store: Store) -> None:
    store.save_all([arrival(day, f"Situs gacor{day}00!", gacor=0.9) for day in (1, 2, 3)])
    (card,) = store.queue(Filters(), "").cards
    saved = store.decide(card.id, card.revision, "clean", None, "Sri", alone=False)
    assert (saved.lines, texts(store), len(texts(store, state="rejected"))) == (3, [], 3)
    assert store.undo(saved.decision, "Budi").lines == 3
    (card,) = store.queue(Filters(), "").cards
    assert (card.group_size, card.decision) == (3, None)
    with pytest.raises(GoneError, match="Budi"):
        store.undo(saved.decision, "Sri")


def test_a_line_decided_alone_leaves_its_group_another_first_line(store: Store) -> None:
    store.save_all([arrival(day, f"Situs gacor{day}00!", gacor=0.9) for day in (1, 2, 3)])
    (card,) = store.queue(Filters(), "").cards
    store.decide(card.id, card.revision, "gambling", None, "Sri", alone=True)
    (other,) = store.queue(Filters(), "").cards
    assert (other.id != card.id, other.group_size) == (True, 2)


def test_two_reviewers_never_decide_the_same_line_unnoticed(store: Store) -> None:
    store.save(report(TEXT, gacor88=0.9))
    (card,) = store.queue(Filters(), "").cards
    first = store.decide(card.id, card.revision, "clean", None, "Sri")
    with pytest.raises(ConflictError, match="Sri decided this line: clean") as caught:
        store.decide(card.id, card.revision, "gambling", None, "Budi")
    second = store.decide(card.id, caught.value.revision, "gambling", None, "Budi")
    with pytest.raises(ConflictError, match="Budi"):
        store.undo(first.decision, "Sri")
    store.undo(second.decision, "Budi")
    (card,) = store.queue(Filters(state="rejected"), "").cards
    assert card.decision is not None
    assert (card.decision.reviewer, card.decision.label) == ("Sri", "clean")


def test_a_span_is_the_reviewers_where_they_set_one(store: Store) -> None:
    store.save(report(TEXT, gacor88=0.9))
    (card,) = store.queue(Filters(), "").cards
    start = TEXT.index("situs")
    with pytest.raises(ValueError, match="does not lie in that line"):
        store.decide(card.id, card.revision, "gambling", Span(0, 5), "Sri")
    store.decide(card.id, card.revision, "promotion", Span(start, start + 13), "Sri")
    (row,) = store.labels()
    assert row["spans"] == [[0, 13, "promotion"]]
    (card,) = store.queue(Filters(state="confirmed"), "").cards
    assert (card.label, [piece.text for piece in card.line.pieces if piece.marked]) == ("promotion", ["situs gacor88"])


def test_a_missed_line_is_marked_and_taken_back(store: Store) -> None:
    store.save(report(TEXT, "a-1", gacor88=0.9))
    key = store.find(id="a-1")
    assert key is not None
    saved = store.mark_missed(key, 6, None, "gambling", "Sri")
    line = store.article(key).lines[5]
    assert (line.missed, line.marked.verdict is not None, [piece.marked for piece in line.marked.pieces]) == ("Sri", True, [True])
    assert "Pasar penuh." not in store.article(key).clean_text
    assert store.figures(Period(date(2020, 1, 1), date(2100, 1, 1))).flagged == 1
    with pytest.raises(ConflictError, match="Sri decided this line: gambling"):
        store.mark_missed(key, 6, None, "promotion", "Budi")
    store.undo(saved.decision, "Sri")
    assert store.article(key).lines[5].marked.verdict is None
    assert (texts(store), list(store.labels())) == (["situs gacor88 resmi"], [])
    for number, problem in ((3, "blank"), (99, "no line 99")):
        with pytest.raises(ValueError, match=problem):
            store.mark_missed(key, number, None, "gambling", "Sri")
    with pytest.raises(GoneError):
        store.mark_missed(key + 1, 1, None, "gambling", "Sri")


def test_labels_say_who_contradicts_whom(store: Store) -> None:
    store.save_all([arrival(1, "satu\nsitus gacor88", gacor88=0.9), arrival(1, "dua\nSITUS GACOR88", GACOR88=0.9)])
    for card, label, reviewer in zip(store.queue(Filters(state="all"), "").cards, ("gambling", "clean"), ("Sri", "Budi"), strict=True):
        store.decide(card.id, card.revision, label, None, reviewer, alone=True)
    rows = list(store.labels())
    assert [(row["label"], [said["reviewer"] for said in row["contradictions"]]) for row in rows] == [
        ("clean", ["Sri"]),
        ("gambling", ["Budi"]),
    ]
    card = next(card for card in store.queue(Filters(state="rejected"), "").cards)
    store.decide(card.id, card.revision, "gambling", None, "Sri", alone=True)
    assert [[said["reviewer"] for said in row["contradictions"]] for row in store.labels()] == [["Budi"], []]


def test_figures(store: Store) -> None:
    store.save_all(
        [
            arrival(1, "a\nsitus gacor88\nsitus raja77", url="https://a.example/1", gacor88=0.9, raja77=0.9),
            arrival(2, "b\nsitus gacor88", url="https://a.example/2", gacor88=0.9),
            arrival(3, "c\nsitus gacor88", url="https://b.example/", version="2", gacor88=0.9),
        ]
    )
    card = store.queue(Filters(version="2"), "").cards[0]
    store.decide(card.id, card.revision, "clean", None, "Sri", alone=True)
    figures = store.figures(Period(date(2026, 11, 2), date(2026, 11, 30)))
    assert (figures.flagged, figures.flagged_articles, figures.articles, figures.labels) == (2, 2, 2, {"gambling": 2})
    assert figures.days == {(date(2026, 11, 2), "gambling"): 1, (date(2026, 11, 3), "gambling"): 1}
    assert figures.sites == (Site("a.example", 1, 1, date(2026, 11, 2)), Site("b.example", 1, 1, date(2026, 11, 3)))
    assert figures.brands == (Brand("gacor88", 2, 2, date(2026, 11, 1), date(2026, 11, 3)),)
    assert figures.versions == (Version("1", 1, 0, 0), Version("2", 1, 1, 1))
    assert store.versions() == ["2", "1"]


def test_every_site_is_counted(store: Store) -> None:
    store.save_all([arrival(1, f"a{n}\nsitus gacor88", url=f"https://s{n}.example/", gacor88=0.9) for n in range(600)])
    figures = store.figures(Period(date(2026, 11, 1), date(2026, 11, 30)))
    assert (len(figures.sites), figures.brands[0].sites) == (600, 600)


def test_purge_forgets_old_articles_and_what_was_said_of_them(store: Store) -> None:
    store.save_all([arrive(report("lama gacor88", "old", gacor88=0.9), datetime.now(UTC) - timedelta(days=10))])
    store.save(report("baru gacor88", "new", gacor88=0.9))
    card = store.queue(Filters(text="lama"), "").cards[0]
    saved = store.decide(card.id, card.revision, "clean", None, "Sri")
    assert (store.count_older(11), store.count_older(9), store.purge(9), store.purge(9)) == (0, 1, 1, 0)
    with pytest.raises(GoneError):
        store.undo(saved.decision, "Sri")
    assert (texts(store), list(store.labels())) == (["baru gacor88"], [])
    assert (store.purge_id("none"), store.purge_id("new"), texts(store)) == (0, 1, [])
