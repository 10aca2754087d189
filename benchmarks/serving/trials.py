"""What a server that nobody watches must live through: each trial says in a few words what became of its callers."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

from serving.articles import article
from serving.callers import TRICKLE, calling
from serving.servers import Running, serve

CONNECTIONS = 6
TIMES = 3
# Longer than the time that a request is given to arrive in these trials.
PATIENCE_SECONDS = 60
REQUEST_SECONDS = 5
IN_A_ROW = 10
BODY = json.dumps({"text": article(0)}).encode()


class Callers:
    """Requests without pause, each on a connection of its own. ``broken`` were neither answered nor refused as they connected."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.asked = self.broken = self.refused = 0
        self._counting = threading.Lock()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask until the block ends."""
        over = threading.Event()
        threads = [threading.Thread(target=self._ask, args=(over,)) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def _ask(self, over: threading.Event) -> None:
        while not over.is_set():
            refused = broken = False
            try:
                refused = not _answers(self.server, PATIENCE_SECONDS)
            except (OSError, ValueError, http.client.HTTPException):
                broken = True
            with self._counting:
                self.asked, self.refused, self.broken = self.asked + 1, self.refused + refused, self.broken + broken
            if refused:
                time.sleep(0.01)


def _answers(server: Running, patience: float) -> bool:
    """Tell whether an article is judged; False if it is not let in. Anything else that goes wrong is raised."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=patience)
    try:
        connection.connect()
    except ConnectionRefusedError:
        return False
    try:
        connection.request("POST", "/classify", BODY, {"Content-Type": "application/json", "Connection": "close"})
        response = connection.getresponse()
        if response.status != http.HTTPStatus.OK or "flagged" not in json.loads(response.read()):
            raise http.client.HTTPException
        return True
    finally:
        connection.close()


def _is_back(server: Running) -> float | None:
    """Return the seconds until it answers again, `IN_A_ROW` requests without a fault, or None if it does not."""
    begin = time.monotonic()
    well = 0
    while time.monotonic() < begin + PATIENCE_SECONDS:
        try:
            well = well + 1 if _answers(server, PATIENCE_SECONDS) else 0
        except (OSError, ValueError, http.client.HTTPException):
            well = 0
        if well == IN_A_ROW:
            return time.monotonic() - begin
        time.sleep(0.1)
    return None


def stop(server: Running) -> str:
    """Stop it under load; a connection that is refused is as it should be."""
    callers = Callers(server)
    with callers.asking():
        os.kill(server.pid, signal.SIGTERM)
        time.sleep(5)
    return f"{callers.broken} of {callers.asked - callers.refused} broken"


def reload(server: Running) -> str:
    """Have it load the application anew under load."""
    callers = Callers(server)
    with callers.asking():
        for _ in range(TIMES):
            os.kill(server.pid, signal.SIGHUP)
            time.sleep(4)
    return f"{callers.broken + callers.refused} of {callers.asked} lost"


def kill(server: Running) -> str:
    """Kill a worker, and again as soon as there is another."""
    for _ in range(TIMES):
        with suppress(OSError, IndexError):
            os.kill(list(server.workers())[-1], signal.SIGKILL)
        time.sleep(2)
    back = _is_back(server)
    return "serves on" if back is not None else "has ended"


def trickle(server: Running) -> str:
    """Send more bodies byte by byte than there are threads."""
    with ExitStack() as callers:
        for _ in range(64):
            callers.enter_context(calling(server.url, *TRICKLE, once=True))
        time.sleep(1)
        back = _is_back(server)
    return f"answers after {back:.0f} s" if back is not None else f"no answer within {PATIENCE_SECONDS} s"


TRIALS: dict[str, Callable[[Running], str]] = {
    "stopped under load": stop,
    "SIGHUP under load, three times": reload,
    "a worker killed, three times": kill,
    "64 bodies that come byte by byte": trickle,
}


def try_server(name: str) -> list[str]:
    """Return what each trial found out about the server of that name."""
    found = []
    for trial in TRIALS.values():
        with serve(name, SARING_REQUEST_SECONDS=str(REQUEST_SECONDS)) as server:
            found.append(trial(server))
    return found
