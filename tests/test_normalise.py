"""Reading through disguises, with a way back."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.normalise import fold
from model.unicode_tables import Mark
from training.disguises import TRICKS


@pytest.mark.parametrize(
    ("disguised", "plain", "mark"),
    [
        ("𝐩𝐮𝐥𝐚𝐮𝟕𝟕", "pulau77", Mark.STYLED),
        ("𝓟𝓤𝓛𝓐𝓤", "pulau", Mark.STYLED),
        ("ＰＵＬＡＵ", "pulau", Mark.STYLED),
        ("Ⓟ🅤🅻🄰🇺", "pulau", Mark.STYLED),
        ("ᴘᴜʟᴀᴜ", "pulau", Mark.STYLED),
        ("P̶U̶L̶A̶U̶", "pulau", Mark.OVERLAID),
        ("P͓̽U͓̽L͓̽", "pul", Mark.OVERLAID),
        ("7️⃣8️⃣", "78", Mark.OVERLAID),
        ("pu\u200blau", "pulau", Mark.HIDDEN),
        ("p u l a u w i n", "pulauwin", Mark.SPACED),
        ("P.U.L.A.U", "pulau", Mark.SPACED),
        ("g4c0r", "gacor", Mark.LEET),
        ("РULАU77", "pulau77", Mark.LOOKALIKE),
        ("헣헨헟헔헨77", "pulau77", Mark.STYLED),
    ],
)
def test_a_disguise_is_read_and_marked(disguised: str, plain: str, mark: Mark) -> None:
    folded = fold(disguised)
    assert folded.text == plain
    assert np.bitwise_or.reduce(folded.marks) & mark


@pytest.mark.parametrize(
    "honest",
    [
        "kafe é à la carte",
        "G20 P2BK RT08 CN235",
        "Москва и Казань",
        "한국어 회화 학교",
        "สล็อตเว็บตรง",
        "ngày mai trời mưa",
        "👨\u200d👩\u200d👧 keluarga",
        "1 2 3 4 5",
        "a/b",
    ],
)
def test_honest_text_bears_no_mark_of_a_disguise(honest: str) -> None:
    assert not (fold(honest).marks & ~np.uint8(Mark.UPPER)).any()


@pytest.mark.parametrize("name", [name for name in TRICKS if name != "leet"])
def test_every_trick_is_read_through(name: str) -> None:
    random = Random(7)
    for word in ("PULAUWIN", "GACORKU", "TOPANJP"):
        assert fold(f"Main di {TRICKS[name](word, random)} saja").text == f"main di {word.lower()} saja"


@given(st.text(max_size=60))
def test_offsets_lead_back_into_the_text(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.marks) == len(folded.kinds) == len(folded.offsets) - 1
    assert (np.diff(folded.offsets) >= 0).all()
    assert folded.offsets[-1] == len(text)
