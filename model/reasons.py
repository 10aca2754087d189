"""Why a line was flagged, in words for a reviewer, from the very features that carried the score."""

from __future__ import annotations

from model.judged import GROUPS, Evidence
from model.types import Reason, Span

QUOTED = 60  # characters

# Kind of evidence: (code, message); that of a kind that can be pointed at goes on with a quotation.
_WORDS = {
    "wording": ("wording", "Wording of an advertisement: "),
    "styled": ("styled-letters", "Letters from a decorative alphabet: "),
    "overlaid": ("overlaid-letters", "Letters with strokes or ornaments over them: "),
    "hidden": ("hidden-characters", "Invisible characters within a word: "),
    "lookalike": ("look-alike-letters", "Letters of another script in a Latin word: "),
    "spelled_out": ("spelled-out", "A word spelled out letter by letter: "),
    "leet": ("digits-for-letters", "Digits in place of letters: "),
    "glued_ending": ("brand-and-number", "A name with a number as gambling sites bear it: "),
    "links": ("link", "A link or domain: "),
    "other_script": ("other-script", "A script that the rest of the article does not use"),
    "shared_words": ("out-of-place", "Shares no words with the rest of the article"),
    "unknown_words": ("unknown-words", "Words that are not those of ordinary text"),
    "company": ("suspicious-company", "Stands with other suspicious lines"),
    "place": ("place", "Reads and stands like an injected line"),
}
# By the place of a kind in GROUPS; what points at nothing is the same for every line.
_REASONS = tuple(Reason(*_WORDS[name]) for name in GROUPS)


def explain(evidence: tuple[Evidence, ...], text: str) -> tuple[Reason, ...]:
    """Say in words what speaks against a flagged line of `text`."""
    return tuple([_REASONS[group] if start < 0 else _quote(group, start, text[start:end]) for group, start, end in evidence])


def _quote(group: int, start: int, pointed: str) -> Reason:
    reason, quoted = _REASONS[group], pointed.rstrip()
    shown = quoted if len(quoted) <= QUOTED else quoted[: QUOTED - 3] + "…"
    return Reason(reason.code, f"{reason.message}“{shown}”", Span(start, start + len(quoted)))
