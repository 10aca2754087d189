"""Why a line was flagged, in words for a reviewer, from the very features that carried the score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.features import NAMES
from model.features.disguise import TRICKS
from model.features.tokens import ENDING, LINK
from model.parse import Parsed
from model.trees import Trees
from model.types import Reason, Span
from model.wording import Wording

MOST = 3

# Feature: (code, message). Features that only say where a line stands count together with the wording.
_MESSAGES = {
    "styled": ("styled-letters", "Letters from a decorative alphabet: {}"),
    "overlaid": ("overlaid-letters", "Letters with strokes or ornaments over them: {}"),
    "hidden": ("hidden-characters", "Invisible characters within a word: {}"),
    "lookalike": ("look-alike-letters", "Letters of another script in a Latin word: {}"),
    "spelled_out": ("spelled-out", "A word spelled out letter by letter: {}"),
    "leet": ("digits-for-letters", "Digits in place of letters: {}"),
    "glued_ending": ("brand-and-number", "A name with a number as gambling sites bear it: {}"),
    "links": ("link", "A link or domain: {}"),
    "other_script": ("other-script", "A script that the rest of the article does not use"),
    "shared_words": ("out-of-place", "Shares no words with the rest of the article"),
    "unknown_words": ("unknown-words", "Words that are not those of ordinary text"),
    "wording_others": ("suspicious-company", "Stands with other suspicious lines"),
}
_SAME = {
    "disguised_share": "styled",
    "half_styled": "styled",
    "disguised_names": "styled",
    "glued": "glued_ending",
    "glued_share": "glued_ending",
    "paths": "links",
    "known_words": "unknown_words",
    "shared_evidence": "shared_words",
    "wording_before": "wording_others",
    "wording_after": "wording_others",
}


def explain(
    parsed: Parsed, wording: Wording, features: NDArray[np.float64], trees: Trees, segments: NDArray[np.int64]
) -> tuple[Reason, ...]:
    """Return at most `MOST` reasons for the given segments of one line, the weightiest first."""
    shares: dict[str, float] = {}
    for segment in segments:
        for name, share in zip(NAMES, trees.explain(features[segment]), strict=True):
            shares[name] = shares.get(name, 0.0) + float(share)
    weights: dict[str, float] = {}
    for name, share in shares.items():
        key = "wording" if name.startswith("wording") and name not in _SAME and name != "wording_others" else _SAME.get(name, name)
        weights[key] = weights.get(key, 0.0) + share
    found: list[Reason] = []
    for name in sorted(weights, key=lambda key: -weights[key]):
        if weights[name] <= 0 or len(found) == MOST:
            break
        reason = _wording(parsed, wording, segments) if name == "wording" else _looks(name, parsed, segments)
        if reason is not None:
            found.append(reason)
    if not found:
        found.append(_wording(parsed, wording, segments) or Reason("place", "Reads and stands like an injected line"))
    return tuple(found)


def _wording(parsed: Parsed, wording: Wording, segments: NDArray[np.int64]) -> Reason | None:
    """Point at the stretch of words that adds most (the maximum subarray; J. Bentley, Programming Pearls, 1984)."""
    words = parsed.words
    best, best_range = 0.0, (0, 0)
    total, start, owner = 0.0, 0, -1
    for index in np.flatnonzero(np.isin(words.segments, segments)):
        if total <= 0 or words.segments[index] != owner:
            total, start, owner = 0.0, int(index), int(words.segments[index])
        total += float(wording.word_sums[index])
        if total > best:
            best, best_range = total, (start, int(index))
    if best <= 0:
        return None
    span = _span(parsed, int(words.starts[best_range[0]]), int(words.ends[best_range[1]]))
    return Reason("wording", f"Wording of an advertisement: {_quote(parsed, span)}", span)


def _looks(name: str, parsed: Parsed, segments: NDArray[np.int64]) -> Reason | None:
    if name not in _MESSAGES:
        return None
    code, message = _MESSAGES[name]
    if "{}" not in message:
        if name == "wording_others" and len(parsed.lines) < 2:
            return None
        return Reason(code, message)
    start, end = int(parsed.segments.starts[segments[0]]), int(parsed.segments.ends[segments[-1]])
    where: tuple[int, int] | None = None
    if name in TRICKS:
        flagged = (parsed.folded.marks[start:end] & TRICKS[name].value) > 0
        for low, high in zip(parsed.words.starts, parsed.words.ends, strict=True):
            if start <= low < end and flagged[low - start : high - start].any():
                where = (int(low), int(high))
                break
    else:
        match = (ENDING if name == "glued_ending" else LINK).search(parsed.folded.text, start, end)
        where = match.span() if match else None
    if where is None:
        return None
    span = _span(parsed, *where)
    return Reason(code, message.format(_quote(parsed, span)), span)


def _span(parsed: Parsed, start: int, end: int) -> Span:
    """Return a range of the folded text as one of the submitted text, with the marks that were folded away."""
    offsets = parsed.folded.offsets
    stop = int(offsets[end])
    raw = parsed.text[int(offsets[start]) : stop]
    return Span(int(offsets[start]), stop - (len(raw) - len(raw.rstrip())))


def _quote(parsed: Parsed, span: Span) -> str:
    text = parsed.text[span.start : span.end]
    return f"“{text if len(text) <= 60 else text[:57] + '…'}”"
