"""The store in a running service: reports go there, and pages and programs ask it. Nothing of it is loaded without a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from prometheus_client import Counter, Gauge
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from service.problems import answer
from service.settings import Settings, SettingsError
from service.state import Check, State

if TYPE_CHECKING:
    from service.store import Keeper, Store

up = Gauge("saring_store_up", "Whether the store answers.", multiprocess_mode="mostrecent")
waiting = Gauge("saring_store_waiting", "Verdicts that wait on disk for the store.", multiprocess_mode="mostrecent")
dropped = Counter("saring_store_dropped", "Verdicts that were lost because the queue on disk was full.")


def register(app: Flask, settings: Settings, state: State) -> None:
    """Give `app` the store that the settings name, and what is built upon it.

    Raises
    ------
    SettingsError
        If the database's URL cannot be used, or the file of reviewers.
    """
    if settings.database_url is None:
        return
    from service import feedback, labels
    from service.review import pages
    from service.review.reviewers import Reviewers, ReviewersError
    from service.store import Keeper, Outbox, Store, StoreError

    try:
        store = Store.open(settings.database_url.get_secret_value())
        reviewers = Reviewers.read(settings.reviewers_file) if settings.reviewers_file else Reviewers()
    except (StoreError, ReviewersError) as error:
        raise SettingsError(str(error)) from None
    keeper = Keeper(store, Outbox(settings.outbox, settings.max_outbox_bytes), settings.retention_days)
    keeper.dropped = dropped.inc
    state.listeners.append(keeper)
    state.checks.append(Check("store", keeper.probe, required=False))
    app.extensions["saring-keeper"] = keeper
    app.extensions["saring-desk"] = desk = Asked(store, keeper)
    secret = settings.session_secret.get_secret_value() if settings.session_secret else None
    pages.register(app, desk, reviewers, secret)  # type: ignore[arg-type]
    for module in (feedback, labels):
        app.register_blueprint(module.blueprint)
    app.register_error_handler(StoreError, _away)  # pages have one of their own
    app.before_request(keeper.start)
    app.before_request(lambda: _measure(keeper))


class Asked:
    """The store as those who ask over HTTP see it: with all that came before."""

    def __init__(self, store: Store, keeper: Keeper) -> None:
        self._store = store
        self._keeper = keeper

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def ask(*args: Any, **kwargs: Any) -> Any:
            self._keeper.settle()
            return method(*args, **kwargs)

        return ask

    def labels(self) -> Iterator[dict[str, Any]]:
        """Return the labels, the first of them read already, so that it is known whether the database answers."""
        found: Iterator[dict[str, Any]] = self.__getattr__("first_labels")()
        return found


def _measure(keeper: Keeper) -> None:
    if request.endpoint == "metrics.show":
        waiting.set(keeper.waiting())
        up.set(keeper.healthy())


def _away(error: Exception) -> Response | HTTPException:
    return answer(ServiceUnavailable(f"The store is away: {error}. Try again in a moment.", retry_after=5))
