"""What reports count. A `Tally` counts flags one by one; a store counts them itself and gives the same `Figures`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Flag:
    """One flagged line: ``site`` and ``brand`` are empty where there is none, ``rejected`` is None until somebody decides."""

    label: str
    version: str
    article: str
    day: date | None = None
    site: str = ""
    brand: str = ""
    rejected: bool | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A site with the number of its articles in which something was flagged, and of its flagged lines."""

    name: str
    articles: int
    lines: int
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Brand:
    """A promoted name: how many lines on how many sites (None where no site is known), and when it was seen first and last."""

    name: str
    lines: int
    sites: int | None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A model version: how many lines it flagged, how many of them people decided, how many of those they rejected."""

    name: str
    flagged: int
    decided: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that a report counts. ``articles`` and ``lines`` are what was judged, None where nobody counted that."""

    flagged: int
    flagged_articles: int
    articles: int | None = None
    lines: int | None = None
    days: dict[tuple[date, str], int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    sites: tuple[Site, ...] = ()
    brands: tuple[Brand, ...] = ()
    versions: tuple[Version, ...] = ()


@dataclass(slots=True)
class _Group:
    """Flags that share a site, a brand or a version."""

    lines: int = 0
    decided: int = 0
    rejected: int = 0
    others: set[str] = field(default_factory=set)
    days: set[date] = field(default_factory=set)


class Tally:
    """Counts articles and their flags; memory grows with the number of sites, brands and flagged articles."""

    def __init__(self) -> None:
        self.articles = 0
        self.lines = 0
        self._days: Counter[tuple[date, str]] = Counter()
        self._labels: Counter[str] = Counter()
        self._sites: dict[str, _Group] = {}
        self._brands: dict[str, _Group] = {}
        self._versions: dict[str, _Group] = {}
        self._articles: set[str] = set()

    def add_article(self, lines: int) -> None:
        """Count an article that was judged, whether or not anything was flagged in it."""
        self.articles += 1
        self.lines += lines

    def add(self, flag: Flag) -> None:
        """Count a flagged line."""
        self._labels[flag.label] += 1
        self._articles.add(flag.article)
        if flag.day:
            self._days[flag.day, flag.label] += 1
        for groups, key, other in (
            (self._sites, flag.site, flag.article),
            (self._brands, flag.brand, flag.site),
            (self._versions, flag.version, flag.article),
        ):
            if key:
                group = groups.setdefault(key, _Group())
                group.lines += 1
                group.decided += flag.rejected is not None
                group.rejected += flag.rejected is True
                group.others.add(other)
                group.days.update([flag.day] if flag.day else [])

    def figures(self) -> Figures:
        """Return what was counted so far, most first."""
        return Figures(
            flagged=self._labels.total(),
            flagged_articles=len(self._articles),
            articles=self.articles,
            lines=self.lines,
            days=dict(self._days),
            labels=dict(self._labels.most_common()),
            sites=tuple(Site(name, len(g.others), g.lines, max(g.days, default=None)) for name, g in _most(self._sites)),
            brands=tuple(
                Brand(name, g.lines, len(g.others - {""}) if self._sites else None, min(g.days, default=None), max(g.days, default=None))
                for name, g in _most(self._brands)
            ),
            versions=tuple(Version(name, g.lines, g.decided, g.rejected) for name, g in sorted(self._versions.items())),
        )


def _most(groups: dict[str, _Group]) -> list[tuple[str, _Group]]:
    return sorted(groups.items(), key=lambda item: (-item[1].lines, item[0]))
