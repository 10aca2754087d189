"""How long `saring serve` takes to its first answer, and what memory its workers then hold."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.articles import make_articles
from model.artifact import WEIGHTS

ROOT = Path(__file__).parents[2]
WORKERS = 2
PATIENCE = 60.0  # seconds
FIRST = {"text": "Harga beras naik pekan ini.\nslot gacor88"}
TRAINING = ("/sklearn/", "/scipy/", "/pandas/")  # what serving never loads: all three bring compiled libraries


@dataclass(frozen=True)
class Held:
    """MiB that a worker holds: all in all, what no other process shares, and of the weights mapped and copied."""

    resident: float
    private: float
    weights: float
    weights_copied: float


@dataclass(frozen=True)
class Start:
    """A start: seconds to the first answer on the clock, and on a processor of all processes together; what each worker holds later."""

    seconds: float
    processor_seconds: float
    workers: list[Held]


def start_up() -> Start:
    """Start the service, have one article judged, and stop it.

    Raises
    ------
    RuntimeError
        If it does not answer, or has loaded a library of training.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SARING_")}
    command = [sys.executable, "-m", "service", "serve", "--port", str(port), "--workers", str(WORKERS)]
    begin = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            elapsed = _wait_for(lambda: _answers(port, FIRST), process) - begin
            _wait_for(lambda: len(_workers(process)) == WORKERS, process)
            workers = _workers(process)
            processor = sum(_processor_seconds(pid) for pid in (process.pid, *workers))
            batch = {"articles": [{"text": text} for text in make_articles(50)]}
            if not all(_answers(port, batch) for _ in range(20)):
                raise RuntimeError("saring serve answers no more")
            return Start(elapsed, processor, [_hold(pid) for pid in workers])
        finally:
            process.terminate()


def _wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> float:
    """Return the time at which `condition` first holds."""
    end = time.perf_counter() + PATIENCE
    while not condition():
        if process.poll() is not None or time.perf_counter() > end:
            raise RuntimeError("saring serve does not answer")
        time.sleep(0.002)
    return time.perf_counter()


def _workers(process: subprocess.Popen[bytes]) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def _hold(pid: int) -> Held:
    mappings = _mappings(pid)
    loaded = [path for path in mappings if any(name in path for name in TRAINING)]
    if loaded:
        raise RuntimeError(f"serving has loaded {', '.join(loaded)}")
    weights = {path: sizes for path, sizes in mappings.items() if path.endswith(WEIGHTS)}
    return Held(_mib(mappings, "Rss"), _mib(mappings, "Private_Clean", "Private_Dirty"), _mib(weights, "Rss"), _mib(weights, "Anonymous"))


def _mappings(pid: int) -> dict[str, dict[str, int]]:
    """Return the sizes in KiB, as proc_pid_smaps(5) names them, of what a process has mapped, by path; without one, by address."""
    found: dict[str, dict[str, int]] = {}
    sizes: dict[str, int] = {}
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        name, _, rest = line.partition(" ")
        if not name.endswith(":"):
            path = rest.split(maxsplit=4)[4:]
            sizes = found.setdefault(path[0] if path and path[0].startswith("/") else name, {})
        elif rest.endswith(" kB"):
            sizes[name[:-1]] = sizes.get(name[:-1], 0) + int(rest.split()[0])
    return found


def _mib(mappings: dict[str, dict[str, int]], *names: str) -> float:
    return sum(sizes.get(name, 0) for sizes in mappings.values() for name in names) / 1024


def _answers(port: int, content: Mapping[str, object]) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", "/classify", json.dumps(content), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return False
    else:
        return answer.status == 200
    finally:
        connection.close()


def _processor_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
