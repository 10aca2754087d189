"""The servers that are compared, started and stopped, and what their workers use."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

ROOT = Path(__file__).parents[2]
APP = "benchmarks.serving.app:app"
GUNICORN = "gunicorn --workers 2 --bind 127.0.0.1:{port} --preload --log-level warning"
GRANIAN = "granian --interface wsgi --http 1 --workers 2 --host 127.0.0.1 --port {port} --log-level warning"
PRODUCT = "saring serve"
COMMANDS = {
    PRODUCT: "python -m benchmarks.serving.product {port}",
    "gunicorn sync": f"{GUNICORN} --worker-class sync {APP}",
    "gunicorn gthread, 1 thread": f"{GUNICORN} --worker-class gthread --threads 1 {APP}",
    "gunicorn gthread, 8 threads": f"{GUNICORN} --worker-class gthread --threads 8 {APP}",
    "granian, 1 thread": f"{GRANIAN} --blocking-threads 1 {APP}",
    "granian, 3 threads": f"{GRANIAN} --blocking-threads 3 {APP}",
    "granian, 4 threads": f"{GRANIAN} --blocking-threads 4 {APP}",
    "granian, 8 threads": f"{GRANIAN} --blocking-threads 8 {APP}",
    "granian, 20 threads": f"{GRANIAN} --blocking-threads 20 {APP}",
}


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: where, the process that started its workers, and the seconds from its start to its first answer."""

    url: str
    pid: int
    started_in: float

    def workers(self) -> dict[int, float]:
        """Return the resident memory, in MiB, of every process below the first."""
        return {pid: _resident(pid) for pid in _below(self.pid)}

    def processor_seconds(self) -> float:
        """Return the time that those processes have spent on a processor."""
        return sum(_ticks(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]) for pid in _below(self.pid))


@contextmanager
def serve(name: str, **settings: str) -> Iterator[Running]:
    """Run the server of that name in `COMMANDS`, with settings of its environment, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = COMMANDS[name].format(port=port).split()
    # Workers share their metrics in a folder, as `saring serve` has them do, and log what it would.
    with TemporaryFile() as log, TemporaryDirectory() as metrics:
        environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": metrics, **settings}
        begin = time.perf_counter()
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name(command[0])), *command[1:]], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            if not _answers(f"http://127.0.0.1:{port}/healthz", process):
                log.seek(0)
                raise RuntimeError(f"{name} does not answer:\n{log.read().decode(errors='replace')[-4000:]}")
            yield Running(f"http://127.0.0.1:{port}", process.pid, time.perf_counter() - begin)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                for pid in [process.pid, *_below(process.pid)]:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    for _ in range(3000):
        if process.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(url, timeout=10):
                return True
        except OSError:
            time.sleep(0.01)
    return False


def _below(pid: int) -> list[int]:
    children: list[int] = []
    with suppress(OSError):  # the process itself may end meanwhile,
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):  # and so may one of its threads
                children += [int(child) for child in (task / "children").read_text().split()]
    return children + [pid for child in children for pid in _below(child)]


def busy_seconds() -> float:
    """Return the time that all processors of the machine have not been idle, whoever used them."""
    user, nice, system, _, _, *interrupts = Path("/proc/stat").read_text().partition("\n")[0].split()[1:9]
    return _ticks([user, nice, system, *interrupts])


def _ticks(values: list[str]) -> float:
    return sum(int(value) for value in values) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
