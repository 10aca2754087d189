"""Texts out of the ordinary, any of which a caller may send."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.speed.articles import fill, make_articles

USUAL = "articles one after another"


def _repeat(piece: str) -> Callable[[int], str]:
    return lambda size: piece * max(1, size // len(piece.encode()))


def _short_lines(size: int) -> str:
    """Return lines of three words each out of usual articles."""
    words = fill(size).split()
    return "\n".join(" ".join(words[start : start + 3]) for start in range(0, len(words), 3))


def _numbered_lines(size: int) -> str:
    return "\n".join(f"baris ke {number}" for number in range(size // 15))


def _short_spam(size: int) -> str:
    return "\n".join(f"slot gacor{number}" for number in range(size // 16))


# A text of about so many bytes. Growth is drawn of those below.
MAKE: dict[str, Callable[[int], str]] = {
    USUAL: fill,
    "short lines": _short_lines,
    "one line": lambda size: fill(size).replace("\n", " "),
    "emoji": _repeat("😀🎰🔥 "),
}

# Time and memory must grow with these as with usual text.
EXPECTED = ("ten articles in one", "100,000 short lines", "100,000 numbered lines", "one line of 10 MB", "emoji")
SHAPES: dict[str, Callable[[], str]] = {
    "ten articles in one": lambda: "\n".join(make_articles(10, seed=2)),
    "100,000 short lines": lambda: "\n".join(_short_lines(2_500_000).split("\n")[:100_000]),
    "100,000 numbered lines": lambda: _numbered_lines(1_500_000),
    "one line of 10 MB": lambda: MAKE["one line"](10**7),
    "emoji": lambda: MAKE["emoji"](10**6),
    # What else could be slow.
    "100,000 short lines, all spam": lambda: _short_spam(1_600_000),
    "a word of 1 MB": lambda: _repeat("gacor88")(10**6),
    "a million exclamation marks": lambda: "!" * 10**6,
    "spelled out": lambda: _repeat("s l o t ")(10**6),
}
