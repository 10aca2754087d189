"""Articles to time: 4 to 5 KB of Indonesian text of the seeds each, one line in twenty spam."""

from __future__ import annotations

from html import escape
from pathlib import Path
from random import Random

from training.data import read_labelled

SEEDS = Path(__file__).parents[2] / "seeds"
SPAM_SHARE = 0.05


def make_articles(count: int, seed: int = 0) -> list[str]:
    """Return `count` articles, the same ones for the same seed."""
    random = Random(seed)
    rows = [row for row in read_labelled([SEEDS]) if row.lang == "id"]
    lines = [line for row in rows if row.is_clean and not row.is_line for line in row.text.split("\n") if line.strip()]
    spam = [row.text for row in rows if row.is_line and not row.is_clean and "\n" not in row.text]
    articles = []
    for _ in range(count):
        chosen: list[str] = []
        size = random.randrange(4000, 5000)
        while sum(len(line.encode()) + 1 for line in chosen) < size:
            chosen.append(random.choice(spam) if random.random() < SPAM_SHARE else random.choice(lines))
        articles.append("\n".join(chosen))
    return articles


def as_html(article: str) -> str:
    """Return the article as a page without any boilerplate."""
    return "<html><body>" + "".join(f"<p>{escape(line)}</p>" for line in article.split("\n")) + "</body></html>"
