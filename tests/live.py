"""A real server for tests: `saring serve` in processes of its own."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Live:
    """A running server; ``log`` is what it writes to standard error."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def workers(self) -> list[int]:
        """Return the ids of the worker processes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(child) for child in children.split()]

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)


@contextmanager
def serving(log: Path, *options: str, **environment: str) -> Iterator[Live]:
    """Start a server with settings from `environment`, wait until it answers, and stop it at the end."""
    port = free_port()
    command = [sys.executable, "-m", "service", "serve", "--port", str(port), *options]
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=file, stderr=file)
    live = Live(f"http://127.0.0.1:{port}", port, process, log)
    try:
        wait_for(lambda: process.poll() is not None or answers(live))
        assert process.poll() is None, log.read_text()
        yield live
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)


def free_port() -> int:
    """Return a port that nobody listens on, of those that no connection is given in the meantime."""
    while True:
        port = random.randrange(10_000, 32_000)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue


def answers(live: Live) -> bool:
    try:
        return httpx.get(f"{live.url}/readyz", timeout=PATIENCE).status_code == 200
    except httpx.TransportError:
        return False


def wait_for(condition: object) -> None:
    """Wait until `condition` holds, and fail if it does not for long."""
    end = time.monotonic() + PATIENCE
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
