"""The compiled engine and the one in NumPy are the same function."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Classifier
from model.judged import Flagged, Judged
from model.kernel import Kernel
from model.kernel.build import X86_LEVELS, usable_levels
from model.reference import Reference
from model.trees import Trees
from model.unicode_tables import build_tables, tables
from tests.conftest import ARTICLE, skip_or_fail
from training.commands.common import SEEDS
from training.data import read_labelled

# What the rules of the model react to, and what could lead them astray.
FRAGMENTS = (
    "sbobet88|slot gacor 4d|http://a.b|https://situs-ku.com|www.|wa.me|<a href=|slot88.com-x.com|a-b--c-|s l o t|p  u  l  a  u  7  7|"
    "S.L.O.T.|g4c0r|m4xw1n|visi4d|1xbet|\r\n|\r\r\n|...  |”) | » |!!!!!!!!|a b c d ef|maxwin123_|qq77é|co.id|Ѕlot|слот ставки|p̶u̶l̶a̶u̶|"
    "헣헨헟헔헨|가각한|คาสิโน|𝐬𝐥𝐨𝐭|Ｓｌｏｔ|🅂🄻🄾🅃|7️⃣7️⃣|\u200bsl\u200bot|Dinas Pekerjaan Umum mengatakan, “ya.” Katanya"
).split("|")
CHARACTERS = list("aabcdehtpwsn.,:;!?…()[]\"'”’ \n\r\t\x0b\x1c\x85\u2028_@$0134578269|•»·><。！」½²ª𠀀\U000e0100\ud800ßıİÉ")
TEXTS = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.sampled_from(CHARACTERS), st.text(max_size=8)), max_size=60).map("".join)


@pytest.fixture(scope="module", params=usable_levels())
def engines(classifier: Classifier, request: pytest.FixtureRequest) -> tuple[Kernel, Reference]:
    try:
        return Kernel(classifier.parameters, level=request.param), Reference(classifier.parameters)
    except FileNotFoundError as error:
        skip_or_fail(str(error))


def assert_same(engines: tuple[Kernel, Reference], text: str, threshold: float = 0.3) -> None:
    fast, slow = (engine.judge(text, threshold) for engine in engines)
    (numbers, scores), (slow_numbers, slow_scores) = (engine.line_scores(text) for engine in engines)
    np.testing.assert_array_equal(numbers, slow_numbers)
    np.testing.assert_allclose(scores, slow_scores, rtol=0, atol=1e-5)
    assert fast.line_count == slow.line_count
    assert fast.score == pytest.approx(slow.score, abs=1e-5)
    assert [described(fast, i) for i in range(len(fast.flagged))] == [described(slow, i) for i in range(len(slow.flagged))]


def described(judged: Judged, index: int) -> Flagged:
    return judged.flagged[index]._replace(score=pytest.approx(judged.flagged[index].score, abs=1e-5))


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, threshold=st.sampled_from([0.0, 0.1, 0.5]))
def test_random_texts_score_the_same(engines: tuple[Kernel, Reference], text: str, threshold: float) -> None:
    assert_same(engines, text, threshold)


def test_seeds_score_the_same_alone_and_among_others(engines: tuple[Kernel, Reference]) -> None:
    texts = [article.text for article in random.Random(0).sample(read_labelled([SEEDS]), 600)]
    for text in texts:
        assert_same(engines, text)
    for start in range(0, len(texts), 50):
        assert_same(engines, "\n".join(texts[start : start + 50]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        " \u200b\n\u200b",
        ARTICLE,
        "!" * 3000,
        "a!" * 1000,
        "a b " * 1000,
        " " * 3000 + "| x",
        "-" * 2000 + "a" * 2000,
        "a-" * 2000,
        "www." * 500,
        "8" * 2000 + "gacor" + "8" * 2000,
        "kata " * 3000,
        "x" * 5000,
        "abc. " * 800,
        "😀" * 2000,
        "p̶" * 1000,
        "\ud7cb\ud7ff" * 100,
        "Baris pertama.\n" * 300 + "slot gacor88",
        "s\nl\no\nt gacor",  # no word is spelled out over line ends
        "s\r\nl\r\no\r\nt",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_texts_out_of_the_ordinary_score_the_same(engines: tuple[Kernel, Reference], text: str) -> None:
    assert_same(engines, text)


# What may stand where a text is cut.
PIECES = [*FRAGMENTS, "kata", "slot gacor", "Katanya. ", "москва", "слот", "s l o t", "\r\n", "\n", "\u0336", "\u200b", "😀", "𠀀", " "]
LONG_TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=200).flatmap(
    lambda pieces: st.sampled_from([" ", "", "\n"]).map(lambda between: between.join(pieces))
)


@pytest.fixture(scope="module")
def windows(classifier: Classifier, engines: tuple[Kernel, Reference]) -> list[Kernel]:
    return [Kernel(classifier.parameters, window) for window in (1, 16, 40, 100, 1000, 2**40)]


def assert_windows_do_not_matter(whole: Kernel, windows: list[Kernel], text: str) -> None:
    numbers, scores = whole.line_scores(text)
    for window in windows:
        assert window.judge(text, 0.1) == whole.judge(text, 0.1)
        for mine, all_at_once in zip(window.line_scores(text), (numbers, scores), strict=True):
            np.testing.assert_array_equal(mine, all_at_once)


@settings(max_examples=200, deadline=None)
@given(text=LONG_TEXTS)
def test_a_long_text_scores_the_same_however_it_is_cut(engines: tuple[Kernel, Reference], windows: list[Kernel], text: str) -> None:
    assert_windows_do_not_matter(engines[0], windows, text)


def test_seeds_score_the_same_however_they_are_cut(engines: tuple[Kernel, Reference], windows: list[Kernel]) -> None:
    texts = [article.text for article in random.Random(1).sample(read_labelled([SEEDS]), 300)]
    for start in range(0, len(texts), 3):
        for between in "\n ":
            text = between.join(texts[start : start + 3])
            assert_windows_do_not_matter(engines[0], windows, text)
            assert_windows_do_not_matter(engines[0], windows, text.replace("\n", " "))
            assert_windows_do_not_matter(engines[0], windows, text.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    "text",
    [
        "Baris biasa dari kota.\r\n" * 20 + "situs s l o t gacor maxwin88\r\n" * 3,
        "kata \u0336kata \u200bkata p\u0336u\u0336la\u0336u77 " * 30,
        "kata s l o t kata g4c0r S.L.O.T kata... kata " * 30,
        "слот ставки " * 30 + "slot gacor " * 60,
        "\ud7cb\ud7ff kata kata " * 40,
        "\ud7cb\ud7ff kata kata " * 40 + "가각한",
        "𠀀 kata 😀😀 slot88.com www.slot.com " * 30,
        "kata kata kata slot gacor " * 200,
        "kata " * 200 + "\n" + "slot gacor maxwin " * 100 + "\n\u200b",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_texts_with_pitfalls_score_the_same_however_they_are_cut(
    engines: tuple[Kernel, Reference], windows: list[Kernel], text: str
) -> None:
    assert_same(engines, text)
    assert_windows_do_not_matter(engines[0], windows, text)


def test_the_model_in_use_is_judged_by_the_compiled_engine(engines: tuple[Kernel, Reference], classifier: Classifier) -> None:
    assert isinstance(classifier.engine, Kernel)


def test_without_the_library_the_other_engine_judges(classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(parameters: object) -> None:
        raise OSError("not compiled")

    monkeypatch.setattr("model.classifier.Kernel", missing)
    fresh = Classifier(classifier.manifest, classifier.parameters)
    assert isinstance(fresh.engine, Reference)
    assert fresh.line_scores(ARTICLE)[1] == pytest.approx(classifier.line_scores(ARTICLE)[1], abs=1e-5)


def test_trees_that_ask_more_than_the_usual_ones_score_the_same(classifier: Classifier) -> None:
    # Chains of eight questions: the nodes 0 to 7 lead right to the next, and left to leaves.
    nodes = np.arange(17, dtype=np.int32)
    left = np.where(nodes < 8, nodes + 9, nodes).astype(np.int32)
    right = np.where(nodes < 8, nodes + 1, nodes).astype(np.int32)
    asked, thresholds = (nodes % 4).astype(np.int32), np.linspace(-4, 4, 17, dtype=np.float32)
    chain = Trees(np.zeros(3, np.int32), asked, thresholds, left, right, np.linspace(-1, 2, 17), 0.25, 8)
    judge = replace(classifier.parameters.article, trees=chain)
    parameters = replace(classifier.parameters, article=judge, alone=judge)
    engines = Kernel(parameters), Reference(parameters)
    assert_same(engines, ARTICLE)
    assert_same(engines, "slot gacor maxwin")


def test_the_tables_on_disk_are_those_of_this_unicode_database() -> None:
    for name, kept, built in zip(tables()._fields, tables(), build_tables(), strict=True):
        np.testing.assert_array_equal(kept, built, err_msg=name)


def test_a_library_is_chosen_that_the_processor_can_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    flags = "fpu sse4_2 avx avx2 bmi1 bmi2 f16c fma abm movbe xsave"
    for present, level in ((flags, "x86-64-v3"), ("fpu sse4_2", "x86-64-v2"), (flags + " avx512f", "x86-64-v3"), (None, "x86-64-v2")):
        cpuinfo = tmp_path / "cpuinfo"
        cpuinfo.unlink(missing_ok=True)
        if present is not None:
            cpuinfo.write_text(f"processor\t: 0\nflags\t\t: {present}\n", encoding="ascii")
        monkeypatch.setattr("model.kernel.build.CPUINFO", cpuinfo)
        monkeypatch.setattr("model.kernel.build.LEVELS", X86_LEVELS)
        assert usable_levels.__wrapped__()[0] == level
