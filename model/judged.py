"""What the scoring of a text yields, whichever engine did it: `model.reference` in NumPy, or `model.kernel`, compiled."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from model.features import NAMES
from model.features.disguise import TRICKS

# Kinds of evidence, and the features that count for each. The others say where a line stands and are named to nobody.
EVIDENCE = {
    "wording": ("wording", "wording_line", "wording_peak", "wording_word", "wording_article"),
    "company": ("wording_before", "wording_after", "wording_others"),
    "shared_words": ("shared_words", "shared_evidence"),
    "other_script": ("other_script",),
    "unknown_words": ("unknown_words", "known_words"),
    "styled": ("styled", "disguised_share", "half_styled", "disguised_names"),
    "overlaid": ("overlaid",),
    "hidden": ("hidden",),
    "lookalike": ("lookalike",),
    "spelled_out": ("spelled_out",),
    "leet": ("leet",),
    "glued_ending": ("glued_ending", "glued", "glued_share"),
    "links": ("links", "paths"),
    "place": (),
}
GROUPS = tuple(EVIDENCE)
_COUNTS_FOR = {name: group for group, names in enumerate(EVIDENCE.values()) for name in names}
GROUP_OF = np.array([_COUNTS_FOR.get(name, GROUPS.index("place")) for name in NAMES], np.int32)
# Evidence that can be pointed at in the text.
POINTED = ("wording", *TRICKS, "glued_ending", "links")


# A kind of evidence, by its place in `GROUPS`, and the range where it shows; -1 stands for nowhere.
Evidence = tuple[int, int, int]


class Flagged(NamedTuple):
    """A line that reached the threshold. Ranges are of the submitted text; the span may begin or end with white space.

    ``evidence`` says what weighed most, the weightiest first; see `model.evidence.choose`.
    """

    number: int
    start: int
    end: int
    span_start: int
    span_end: int
    promotes: bool
    score: float
    evidence: tuple[Evidence, ...]


class Judged(NamedTuple):
    """``score`` is the highest of any line."""

    line_count: int
    score: float
    flagged: tuple[Flagged, ...]


class Engine(Protocol):
    """Scores texts. It keeps no state between calls and may be shared by threads."""

    def judge(self, text: str, threshold: float, utf8: bytes | None = None) -> Judged:
        """Score every line of `text`; those with a probability of at least `threshold` are flagged.

        Whoever knows what `text` is in UTF-8 may pass it, which saves time.
        """

    def line_scores(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Return the numbers (from 1) of the lines that hold words, and their probabilities."""
