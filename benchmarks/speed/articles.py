"""Articles to time: 4 to 5 KB of Indonesian text of the seeds each, one line in twenty spam."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from random import Random

from training.data import read_labelled

SEEDS = Path(__file__).parents[2] / "seeds"
SPAM_SHARE = 0.05
LEAST, MOST = 4000, 5000  # bytes


@dataclass(frozen=True, slots=True)
class Lines:
    """What articles are put together from."""

    clean: tuple[str, ...]
    spam: tuple[str, ...]


@cache
def read_lines() -> Lines:
    """Return the lines of clean Indonesian articles of the seeds, and the spam of one line."""
    rows = [row for row in read_labelled([SEEDS]) if row.lang == "id"]
    clean = tuple(line for row in rows if row.is_clean and not row.is_line for line in row.text.split("\n") if line.strip())
    return Lines(clean, tuple(row.text for row in rows if row.is_line and not row.is_clean and "\n" not in row.text))


def make_articles(count: int, seed: int = 0) -> list[str]:
    """Return `count` articles, the same ones for the same seed."""
    random = Random(seed)
    lines = read_lines()
    articles = []
    for _ in range(count):
        chosen: list[str] = []
        size, least = 0, random.randrange(LEAST, MOST - 100)
        while size < least:
            line = random.choice(lines.spam if random.random() < SPAM_SHARE else lines.clean)
            if size + len(line.encode()) <= MOST:
                chosen.append(line)
                size += len(line.encode()) + 1
        articles.append("\n".join(chosen))
    return articles


def fill(size: int) -> str:
    """Return articles one after another, cut to `size` bytes."""
    piece = "\n".join(make_articles(200, seed=1)) + "\n"
    return (piece * (size // len(piece.encode()) + 1)).encode()[:size].decode("utf-8", "ignore")


def as_html(article: str) -> str:
    """Return the article as a page without any boilerplate."""
    return "<html><body>" + "".join(f"<p>{escape(line)}</p>" for line in article.split("\n")) + "</body></html>"
