"""Lines and their offsets, and what is left when spans are taken out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.lines import remove_spans, split_lines
from model.types import Span

TEXTS = st.text(alphabet=st.sampled_from("ab \t\n\r\u2028𝐀"), max_size=40)


def test_numbers_count_blank_lines_and_offsets_count_code_points() -> None:
    text = "𝐀𝐁\r\n\r\nsatu\rdua\u2028tiga\n"
    assert [(line.number, line.text) for line in split_lines(text)] == [(1, "𝐀𝐁"), (2, ""), (3, "satu"), (4, "dua"), (5, "tiga")]
    assert all(text[line.start : line.end] == line.text for line in split_lines(text))


def test_an_empty_text_has_no_line() -> None:
    assert split_lines("") == []


@given(TEXTS)
def test_lines_lie_in_order_and_hold_no_line_end(text: str) -> None:
    lines = split_lines(text)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert all(text[line.start : line.end] == line.text for line in lines)
    assert not any(character in line.text for line in lines for character in "\n\r\u2028")
    assert "".join(line.text for line in lines) == "".join(c for c in text if c not in "\n\r\u2028")


@pytest.mark.parametrize(
    ("text", "injected", "expected"),
    [
        ("satu\n\nSPAM\n\ndua", "SPAM", "satu\n\ndua"),
        ("satu\nSPAM\ndua", "SPAM", "satu\ndua"),
        ("satu\n\nSPAM", "SPAM", "satu"),
        ("satu\n\nSPAM\n", "SPAM", "satu\n"),
        ("SPAM\n\nsatu", "SPAM", "satu"),
        ("satu. SPAM", "SPAM", "satu."),
        ("satu. SPAM\ndua", "SPAM", "satu.\ndua"),
        ("SPAM satu.", "SPAM", "satu."),
        ("satu SPAM dua", "SPAM", "satu dua"),
        ("satu\r\n\r\nSPAM\r\n\r\ndua\r\n", "SPAM", "satu\r\n\r\ndua\r\n"),
        ("SPAM", "SPAM", ""),
        ("  indented\n\n\nSPAM\nkeeps  its   blanks ", "SPAM", "  indented\n\n\nkeeps  its   blanks "),
    ],
)
def test_clean_text_leaves_no_trace_of_a_span_and_everything_else(text: str, injected: str, expected: str) -> None:
    start = text.index(injected)
    assert remove_spans(text, [Span(start, start + len(injected))]) == expected


@given(TEXTS)
def test_without_spans_the_text_stays(text: str) -> None:
    assert remove_spans(text, []) == text


@given(TEXTS, st.data())
def test_removal_loses_no_other_character(text: str, data: st.DataObject) -> None:
    lines = [line for line in split_lines(text) if line.text.strip()]
    chosen = [line for line in lines if data.draw(st.booleans())]
    kept = "".join(line.text for line in lines if line not in chosen)
    spans = [Span(line.start, line.end) for line in chosen]
    cleaned = remove_spans(text, spans)
    assert "".join(cleaned.split()) == "".join(kept.split())
    assert remove_spans(text, spans, chosen) == cleaned
