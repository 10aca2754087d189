"""Why a line was flagged, in words for a reviewer, from the very features that carried the score."""

from __future__ import annotations

from model.judged import GROUPS, POINTED, Flagged
from model.types import Reason, Span

MOST = 3
QUOTED = 60  # characters

# Kind of evidence: (code, message); that of a kind that can be pointed at goes on with a quotation.
_MESSAGES = {
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
}
_POINTER = {name: index for index, name in enumerate(POINTED)}


def explain(flagged: Flagged, text: str, line_count: int) -> tuple[Reason, ...]:
    """Return at most `MOST` reasons for a flagged line of `text`, the weightiest first."""
    found: list[Reason] = []
    shares = flagged.shares
    for group in sorted([group for group, share in enumerate(shares) if share > 0], key=shares.__getitem__, reverse=True):
        reason = _reason(GROUPS[group], flagged, text, line_count)
        if reason is not None:
            found.append(reason)
            if len(found) == MOST:
                break
    if not found:
        found.append(_reason("wording", flagged, text, line_count) or Reason("place", "Reads and stands like an injected line"))
    return tuple(found)


def _reason(name: str, flagged: Flagged, text: str, line_count: int) -> Reason | None:
    if name not in _MESSAGES or (name == "company" and line_count < 2):
        return None
    code, message = _MESSAGES[name]
    if name not in _POINTER:
        return Reason(code, message)
    pointer = flagged.pointers[_POINTER[name]]
    if pointer is None:
        return None
    quoted = text[pointer.start : pointer.end].rstrip()
    shown = quoted if len(quoted) <= QUOTED else quoted[: QUOTED - 3] + "…"
    return Reason(code, f"{message}“{shown}”", Span(pointer.start, pointer.start + len(quoted)))
