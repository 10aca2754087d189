"""The production server: gunicorn, configured from here instead of from its own command line."""

from __future__ import annotations

import gc
import signal
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from prometheus_client.multiprocess import mark_process_dead

from service.arriving import as_it_arrives
from service.patience import PatientSocket
from service.settings import Settings
from service.state import State
from service.streams import ABANDON, GO_ON
from service.worker import Worker


def run(app: Flask, settings: Settings) -> None:
    """Serve `app` until SIGTERM or SIGINT; on SIGHUP the workers reload model and keys."""
    Server(app, settings).run()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn for one application. It is loaded before the workers are forked, so that they share its memory."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        Worker.request_seconds = settings.request_seconds
        super().__init__()

    def load_config(self) -> None:
        settings = self.settings
        address = f"[{settings.host}]" if ":" in settings.host else settings.host
        options: dict[str, Any] = {
            "bind": f"{address}:{settings.port}",
            "workers": settings.workers,
            "worker_class": Worker,
            "threads": settings.threads,
            "preload_app": True,
            "graceful_timeout": settings.drain_seconds,
            "keepalive": 30,
            "logger_class": RootLogger,
            "control_socket_disable": True,
            "post_worker_init": self._begin_worker,
            "child_exit": _end_worker,
        }
        for key, value in options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        return self._answer

    def run(self) -> None:
        # All that is loaded stays: a worker need not look through it for garbage, and goes on sharing its memory with the others.
        gc.collect()
        gc.freeze()
        ReloadingArbiter(self).run()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        connection: PatientSocket = environ["gunicorn.socket"]
        connection.begin_body(self.settings.request_seconds)
        body = environ["wsgi.input"]
        environ["wsgi.input"] = as_it_arrives(body)
        environ[ABANDON] = lambda: setattr(body, "failed", True)
        environ[GO_ON] = connection.wait_for_each
        return self.app.wsgi_app(environ, start_response)

    def _begin_worker(self, _: Any) -> None:
        state: State = self.app.extensions["saring"]

        def reload(*_: Any) -> None:
            state.models.wake()
            state.keys.refresh()

        signal.signal(signal.SIGHUP, reload)
        # A worker may begin long after model and keys were read for all of them.
        state.models.watch(self.settings.model_poll_seconds)
        state.keys.refresh()


class ReloadingArbiter(Arbiter):  # type: ignore[misc]
    """Passes SIGHUP on to the workers instead of replacing them: a model changes between two requests, and none is lost."""

    def handle_hup(self) -> None:
        self.kill_workers(signal.SIGHUP)


class RootLogger(Logger):  # type: ignore[misc]
    """Leaves gunicorn's messages to the handlers of the root logger; requests are logged by `service.observing`."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.propagate = True


def _end_worker(_: Any, worker: Any) -> None:
    mark_process_dead(worker.pid)
