"""A desk without a database: enough to try the pages of reviewers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from model import Article, Classifier, Report, Span, Verdict
from service.marking import mark_all, mark_line
from service.reports.figures import Figures, Flag, Tally
from service.reports.judged import site_of
from service.reports.periods import Period
from service.review.desk import ArticleLine, ArticlePage, Card, ConflictError, Decision, GoneError, Page, Saved
from service.review.filters import Filters


@dataclass
class Kept:
    article: int
    verdict: Verdict
    decisions: list[Decision] = field(default_factory=list)
    revision: int = 1
    missed: str | None = None
    span: Span | None = None


class MemoryDesk:
    def __init__(self, classifier: Classifier, articles: Iterable[Article], page: int = 25) -> None:
        self.reports: dict[int, Report] = {}
        self.lines: dict[int, Kept] = {}
        self.page = page
        self.decided = 0
        for number, article in enumerate(articles, 1):
            self.reports[number] = report = classifier.classify(article)
            for verdict in report.verdicts:
                self.lines[len(self.lines) + 1] = Kept(number, verdict)

    def _state(self, kept: Kept) -> str:
        return "open" if not kept.decisions else "rejected" if kept.decisions[-1].label == "clean" else "confirmed"

    def _card(self, id: int, kept: Kept) -> Card:
        report = self.reports[kept.article]
        texts = [line.line for line in mark_all(report) if line.line.text.strip()]
        at = texts.index(kept.verdict.line)
        alike = [other for other in self._alike(id) if other != id]
        return Card(
            id=id,
            revision=kept.revision,
            article_id=kept.article,
            title=report.article.id or "",
            site=site_of(report.article.url),
            seen=datetime.now(UTC) - timedelta(hours=3 * kept.article),
            version=report.model.version,
            line=mark_line(kept.verdict.line, kept.verdict),
            before=tuple(texts[max(0, at - 2) : at]),
            after=tuple(texts[at + 1 : at + 3]),
            label=kept.verdict.label,
            score=kept.verdict.score,
            reasons=tuple(reason.message for reason in kept.verdict.reasons),
            group_size=len(alike) + 1,
            alike=tuple(self.lines[other].verdict.line.text for other in alike[:5]),
            decision=kept.decisions[-1] if kept.decisions else None,
        )

    def _alike(self, id: int) -> list[int]:
        text = self.lines[id].verdict.line.text
        return [other for other, kept in self.lines.items() if kept.verdict.line.text == text and not kept.decisions]

    def queue(self, filters: Filters, reviewer: str, at: str | None) -> Page:
        seen: set[str] = set()
        cards = []
        for key, kept in self.lines.items():
            state, text = self._state(kept), kept.verdict.line.text
            if filters.state not in (state, "all") and not (filters.state == "decided" and state != "open"):
                continue
            if state == "open" and text in seen:
                continue
            seen.add(text)
            if filters.label in (None, kept.verdict.label) and (filters.text or "").lower() in text.lower():
                cards.append(self._card(key, kept))
        start = int(at or 0)
        more = str(start + self.page) if start + self.page < len(cards) else None
        return Page(tuple(cards[start : start + self.page]), sum(card.group_size for card in cards), next=more)

    def decide(self, line: int, revision: int, label: str, span: Span | None, reviewer: str, *, alone: bool) -> Saved:
        kept = self.lines.get(line)
        if kept is None:
            raise GoneError("This line is no longer stored.")
        if kept.revision != revision:
            last = kept.decisions[-1] if kept.decisions else None
            words = f"{last.reviewer} decided this line: {last.label}." if last else "This line was decided and undone meanwhile."
            raise ConflictError(words, kept.revision)
        self.decided += 1
        decision = Decision(self.decided, label, reviewer, datetime.now(UTC))
        lines = [line] if alone else self._alike(line) or [line]
        for each in lines:
            self.lines[each].decisions.append(decision)
            self.lines[each].revision += 1
            self.lines[each].span = span
        return Saved(decision.id, len(lines), kept.revision)

    def undo(self, decision: int, reviewer: str) -> Saved:
        found = [kept for kept in self.lines.values() if kept.decisions and kept.decisions[-1].id == decision]
        if not found:
            raise GoneError("There is no such decision to undo.")
        for kept in found:
            kept.decisions.pop()
            kept.revision += 1
        return Saved(decision, len(found), found[0].revision)

    def article(self, article: int) -> ArticlePage:
        if article not in self.reports:
            raise GoneError("This article is not stored.")
        report = self.reports[article]
        here = {kept.verdict.line.number: (key, kept) for key, kept in self.lines.items() if kept.article == article}
        lines = []
        for marked in mark_all(report):
            key, kept = here.get(marked.line.number, (None, None))
            if kept is None:
                lines.append(ArticleLine(marked))
            else:
                marked = mark_line(marked.line, kept.verdict)
                lines.append(ArticleLine(marked, key, kept.revision, kept.decisions[-1] if kept.decisions else None, kept.missed))
        card = next((self._card(key, kept) for key, kept in here.values()), None)
        seen = card.seen if card else datetime.now(UTC)
        source = report.article
        return ArticlePage(article, source.id or "", source.url, seen, report.model.version, tuple(lines), report.clean_text)

    def mark_missed(self, article: int, line: int, span: Span | None, label: str, reviewer: str) -> Saved:
        marked = self.article(article).lines[line - 1].marked.line
        span = span or Span(marked.start, marked.end)
        if not marked.start <= span.start < span.end <= marked.end:
            raise ValueError("The marked part does not lie in that line.")
        key = len(self.lines) + 1
        self.lines[key] = Kept(article, Verdict(marked, label, 1.0, (span,), ()), missed=reviewer)
        return replace(self.decide(key, 1, label, span, reviewer, alone=True), lines=1)

    def figures(self, period: Period, view: str | None = None) -> Figures:
        tally = Tally()
        for report in self.reports.values():
            tally.add_article(report.line_count)
        for key, kept in self.lines.items():
            card = self._card(key, kept)
            rejected = kept.decisions[-1].label == "clean" if kept.decisions else None
            if period.start <= card.seen < period.end:
                brand = card.line.line.text.split()[-1] if any(c.isdigit() for c in card.line.line.text.split()[-1]) else ""
                tally.add(Flag(card.label, card.version, card.title, card.seen.date(), card.site, brand, rejected))
        return tally.figures()

    def versions(self) -> list[str]:
        return sorted({report.model.version for report in self.reports.values()})
