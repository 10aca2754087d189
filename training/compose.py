"""Making articles for training out of labelled ones: spam lines put where spammers put them, honest short lines too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from training.brands import brand, cased
from training.bylines import byline
from training.data import LabelledArticle, LabelledSpan
from training.disguises import TRICKS, broken

# A word that looks like a brand already: letters and digits glued, or letters from outside the alphabets of the seeds.
_BRAND = re.compile(r"\b[A-Za-z]{3,}(?:\d{2,4}|\d[dD])\b|[\U0001D400-\U0001D7FF\uFF21-\uFF5A]{3,}(?:\s?[\U0001D7CE-\U0001D7FF0-9]{2,4})?")
_WORD = re.compile(r"\b[A-Za-z]{4,}\d{0,4}\b")
_SIGNS = re.compile(r"[^\w\s]|_")
_TRICKS = (*TRICKS.values(), broken)
_DECORATIONS = (
    *((sign, sign) for sign in "🔥⭐✨💰❤💎🎯🚀👑🔴🍀⚡*'\"~|#!♛✅💥"),
    *(tuple(pair.split()) for pair in ("→ ←", "➡️ ⬅️", "「 」", "【 】", "( )", "[ ]", "« »")),
    *(("👉", ""), ("", "🔥"), ("", "👈"), ("#", ""), ("@", "")),
)

PROSE = 60  # characters from which on a line reads as a sentence
COMPOSED = "composed"  # the kind of articles that were made here


@dataclass(frozen=True, slots=True)
class Mixture:
    """How often what happens when articles are composed; the shares of placements are the rest's."""

    copies: int = 4
    leading: float = 0.12
    between: float = 0.2
    inline: float = 0.2
    honest_lines: float = 0.5
    bylines: float = 0.4
    rebranded: float = 0.5
    disguised: float = 0.2
    decorated: float = 0.15
    same_group: float = 0.5
    paragraphs: float = 0.35
    same_language: float = 0.85
    gambling: float = 0.85


def vary_spam(text: str, random: Random, mixture: Mixture) -> str:
    """Return a spam line with other brands in it, or one of its words disguised, or as it was."""
    if random.random() < mixture.rebranded:
        text = _BRAND.sub(lambda match: _new_brand(match[0], random), text)
    disguised, decorated = random.random() < mixture.disguised, random.random() < mixture.decorated
    words = list(_WORD.finditer(text)) if disguised or decorated else []
    if words:
        match = random.choice(words)
        word = random.choice(_TRICKS)(match[0], random) if disguised else match[0]
        text = text[: match.start()] + (_decorated(word, random) if decorated else word) + text[match.end() :]
    return text


def hide_brand(text: str, random: Random) -> str:
    """Return an innocent comment with a brand slipped in, as spammers do who want to look like viewers."""
    name = brand(random)
    shown = random.choice(_TRICKS)(name, random) if random.random() < 0.75 or not name[-1].isdigit() else cased(name, random)
    if random.random() < 0.4:
        shown = _decorated(shown, random)
    words = text.split(" ")
    at = len(words) if random.random() < 0.5 else random.randint(0, len(words))
    return " ".join([*words[:at], shown, *words[at:]])


def strip_signs(text: str) -> str:
    """Return a line in small letters and without punctuation, or as it was if nothing else is in it."""
    return " ".join(_SIGNS.sub(" ", text).lower().split()) or text


def _decorated(word: str, random: Random) -> str:
    left, right = random.choice(_DECORATIONS)
    return left + random.choice(("", " ")) + word + random.choice(("", " ")) + right


def _new_brand(old: str, random: Random) -> str:
    name = brand(random)
    return cased(name, random) if old.isascii() else random.choice(_TRICKS)(name, random)


def compose(
    articles: Sequence[LabelledArticle],
    spam: Sequence[LabelledArticle],
    honest: Sequence[LabelledArticle],
    random: Random,
    mixture: Mixture,
) -> list[LabelledArticle]:
    """Return copies of clean `articles`, each cut to a length of its own, with lines of `honest` and of `spam` put in.

    Every copy bears the group of its article. For each article one copy stays without spam.
    """
    composed = []
    pool = _SpamPool(spam, mixture)
    for article in articles:
        for copy in range(mixture.copies):
            paragraphs = article.text.split("\n")
            keep = random.randint(min(4, len(paragraphs)), len(paragraphs))
            first = random.randint(0, max(0, len(paragraphs) - keep)) if random.random() < 0.3 else 0
            rows = [[paragraph] for paragraph in paragraphs[first : first + keep]]
            labels: list[list[str]] = [[""] for _ in rows]
            if honest:
                _insert_honest(rows, labels, honest, random, mixture)
            if random.random() < mixture.bylines:
                _insert_byline(rows, labels, random)
            if copy and spam:
                _insert_spam(rows, labels, pool.draw(article.lang, random), random, mixture)
            composed.append(_join(article, f"{article.id}+{copy}", rows, labels))
    return composed


def join_paragraphs(lines: Sequence[LabelledArticle], random: Random) -> list[LabelledArticle]:
    """Return lines made of several that share a group and a label: long paragraphs, which labelled lines seldom are."""
    groups: dict[tuple[str, str], list[LabelledArticle]] = {}
    for line in lines:
        groups.setdefault((line.group, line.label), []).append(line)
    paragraphs = []
    for members in groups.values():
        for part in range(len(members) // 3):
            chosen = random.sample(members, random.randint(2, min(7, len(members))))
            paragraphs.append(replace(_paragraph(chosen), id=f"{chosen[0].id}&{part}"))
    return paragraphs


def _paragraph(lines: Sequence[LabelledArticle]) -> LabelledArticle:
    text = " ".join(line.text if line.text[-1] in ".!?…。" else line.text + "." for line in lines)
    return replace(lines[0], text=text, spans=(LabelledSpan(0, len(text), lines[0].label),) if lines[0].spans else ())


def _is_prose(line: LabelledArticle) -> bool:
    return line.kind != "comment" and len(line.text) >= PROSE


def _insert_honest(
    rows: list[list[str]], labels: list[list[str]], honest: Sequence[LabelledArticle], random: Random, mixture: Mixture
) -> None:
    while random.random() < mixture.honest_lines:
        at = random.choice((0, len(rows), len(rows), random.randint(0, len(rows))))
        rows.insert(at, [random.choice(honest).text])
        labels.insert(at, [""])


def _insert_byline(rows: list[list[str]], labels: list[list[str]], random: Random) -> None:
    """Put a reporter's code after the last paragraph: below it, or on its line."""
    if random.random() < 0.4:
        rows.append([byline(random)])
        labels.append([""])
    else:
        rows[-1].append(byline(random))
        labels[-1].append("")


def _insert_spam(
    rows: list[list[str]], labels: list[list[str]], chosen: Sequence[LabelledArticle], random: Random, mixture: Mixture
) -> None:
    draw = random.random()
    if draw < mixture.inline:
        # Mostly at the end of a long paragraph, now and then at its start.
        at = max(random.sample(range(len(rows)), min(2, len(rows))), key=lambda i: len(rows[i][0]))
        end = random.random() < 0.85
        rows[at].insert(len(rows[at]) if end else 0, vary_spam(chosen[0].text, random, mixture))
        labels[at].insert(len(labels[at]) if end else 0, chosen[0].label)
        return
    for line in chosen:
        if draw < mixture.inline + mixture.leading:
            at = 0
        elif draw < mixture.inline + mixture.leading + mixture.between:
            at = random.randint(1, max(1, len(rows) - 1))
        else:
            at = len(rows)
        rows.insert(at, [vary_spam(line.text, random, mixture)])
        labels.insert(at, [line.label])


class _SpamPool:
    """Spam lines to draw from: mostly in the language of the article and about gambling, often several of one group."""

    def __init__(self, spam: Sequence[LabelledArticle], mixture: Mixture) -> None:
        self.mixture = mixture
        self.all = list(spam)
        self.by_kind: dict[tuple[str, str], list[LabelledArticle]] = {}
        self.by_group: dict[str, list[LabelledArticle]] = {}
        for line in spam:
            self.by_kind.setdefault((line.lang, line.label), []).append(line)
            self.by_group.setdefault(line.group, []).append(line)

    def draw(self, lang: str, random: Random) -> list[LabelledArticle]:
        count = random.choice((1, 1, 1, 2, 2, 3, 4))
        first = self._one(lang, random)
        group = self.by_group[first.group]
        if random.random() < self.mixture.same_group:
            chosen = [first, *random.sample(group, min(count - 1, len(group)))]
        else:
            chosen = [first, *(self._one(lang, random) for _ in range(count - 1))]
        return [self._lengthen(line, random) for line in chosen]

    def _lengthen(self, line: LabelledArticle, random: Random) -> LabelledArticle:
        """Make a paragraph of some sentences with others of their group: labelled lines are short, injected ones need not be."""
        prose = [other for other in self.by_group[line.group] if _is_prose(other) and other is not line]
        if not prose or not _is_prose(line) or random.random() >= self.mixture.paragraphs:
            return line
        return _paragraph([line, *random.sample(prose, min(random.randint(1, 5), len(prose)))])

    def _one(self, lang: str, random: Random) -> LabelledArticle:
        label = "gambling" if random.random() < self.mixture.gambling else "promotion"
        pool = self.by_kind.get((lang, label)) if random.random() < self.mixture.same_language else None
        return random.choice(pool or self.all)


def _join(article: LabelledArticle, name: str, rows: list[list[str]], labels: list[list[str]]) -> LabelledArticle:
    text, spans = "", []
    for row, row_labels in zip(rows, labels, strict=True):
        text += "\n" if text else ""
        for position, (part, label) in enumerate(zip(row, row_labels, strict=True)):
            text += " " if position else ""
            if label:
                spans.append(LabelledSpan(len(text), len(text) + len(part), label))
            text += part
    return replace(article, id=name, text=text, spans=tuple(spans), kind=COMPOSED)
