"""Scrapy's items through Saring. Needs Scrapy, which ``import saring`` does not."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.statscollectors import StatsCollector

from saring.async_client import AsyncClient
from saring.errors import SaringError
from saring.verdicts import Verdict

logger = logging.getLogger(__name__)
Action = Literal["mark", "clean", "drop"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of an item with injected lines, and the names of its fields."""

    action: Action = "mark"
    text_field: str = "text"
    url_field: str = "url"
    verdict_field: str = "saring"

    def __post_init__(self) -> None:
        if self.action not in get_args(Action):
            raise ValueError(f"SARING_ACTION is one of {', '.join(get_args(Action))}, not {self.action!r}")


class SaringPipeline:
    """An item pipeline that marks, cleans or drops items with injected lines; the client's README lists its settings.

    An item that cannot be judged goes on as it came, for it is worth more than its verdict. It is logged, and counted in the
    crawl's statistics as ``saring/unjudged``.

    Parameters
    ----------
    client : AsyncClient
        What asks the service. The pipeline closes it.
    stats : scrapy.statscollectors.StatsCollector
        The crawl's statistics.
    plan : Plan
        What to do.
    concurrency : int
        How many items are judged at a time.
    """

    def __init__(self, client: AsyncClient, stats: StatsCollector, plan: Plan, concurrency: int) -> None:
        self._client = client
        self._stats = stats
        self._plan = plan
        self._turn = asyncio.Semaphore(concurrency)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Set up a pipeline as the settings of the crawl say."""
        settings = crawler.settings
        if not settings.get("SARING_URL") or crawler.stats is None:
            raise NotConfigured("SARING_URL does not say where the service is")
        plan = Plan(
            action=settings.get("SARING_ACTION", "mark"),
            text_field=settings.get("SARING_TEXT_FIELD", "text"),
            url_field=settings.get("SARING_URL_FIELD", "url"),
            verdict_field=settings.get("SARING_VERDICT_FIELD", "saring"),
        )
        client = AsyncClient(settings["SARING_URL"], settings.get("SARING_KEY"))
        return cls(client, crawler.stats, plan, settings.getint("SARING_CONCURRENCY", 4))

    # Older versions of Scrapy pass the spider, newer ones warn of methods that need it.
    async def close_spider(self, _spider: object = None) -> None:
        """Close the connections."""
        await self._client.close()

    async def process_item(self, item: Any, _spider: object = None) -> Any:
        """Return the item, marked or cleaned.

        Raises
        ------
        scrapy.exceptions.DropItem
            If it holds injected lines and such items are to be dropped.
        """
        fields = ItemAdapter(item)
        url = fields.get(self._plan.url_field)
        try:
            async with self._turn:
                verdict = await self._client.classify(fields[self._plan.text_field], url=url)
            self._keep(fields, verdict)
        except (SaringError, KeyError, TypeError) as error:
            self._stats.inc_value("saring/unjudged")
            logger.warning("Item of %s goes on without a verdict: %s: %s", url, type(error).__name__, error)
            return item
        self._stats.inc_value("saring/judged")
        if verdict.flagged:
            self._stats.inc_value("saring/flagged")
            if self._plan.action == "drop":
                raise DropItem(f"{len(verdict.lines)} injected lines in the item of {url}")
        return item

    def _keep(self, fields: ItemAdapter, verdict: Verdict) -> None:
        if self._plan.action == "mark":
            fields[self._plan.verdict_field] = asdict(verdict)
        elif self._plan.action == "clean":
            fields[self._plan.text_field] = verdict.clean_text
