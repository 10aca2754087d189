"""Load from wrk, which keeps connections busy and measures each request."""

from __future__ import annotations

import json
import math
import resource
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from serving.servers import Running, busy_seconds

# The bodies are sent in turn, so that no cache of the service makes it look faster than it is. wrk prints what it found as JSON.
SCRIPT = """
local requests, turn = {}, 0
function init(arguments)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  for line in io.lines(arguments[1]) do
    wrk.body = line
    requests[#requests + 1] = wrk.format()
  end
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\\n{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"longest":%d,"refused":%d,"broken":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk found. Times are milliseconds; ``errors`` counts refusals and broken connections.

    ``rate`` is requests a second, ``cost`` milliseconds that the server spent on a processor for each, which others on the machine
    hardly change; ``others`` is how many processors they kept busy meanwhile.
    """

    rate: float
    cost: float
    others: float
    p50: float
    p99: float
    longest: float
    requests: int
    errors: int

    @property
    def spread(self) -> float:
        """How many times the median the 99th percentile is."""
        return self.p99 / self.p50 if self.p50 else math.inf


def bodies(texts: Sequence[str]) -> list[str]:
    """Return the bodies of requests to classify `texts`."""
    return [json.dumps({"text": text}, ensure_ascii=False) for text in texts]


def load(server: Running, path: str, bodies: Sequence[str], seconds: int, connections: int) -> Load:
    """Ask for `path` for so many seconds over so many connections."""
    with TemporaryDirectory() as folder:
        script, lines = Path(folder, "post.lua"), Path(folder, "bodies.jsonl")
        script.write_text(SCRIPT, encoding="utf-8")
        lines.write_text("\n".join(bodies) + "\n", encoding="utf-8")
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "--timeout",
            "30s",
            "-s",
            str(script),
            server.url + path,
            "--",
            str(lines),
        ]
        served, busy, own = server.processor_seconds(), busy_seconds(), _children_seconds()
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        served, busy, own = server.processor_seconds() - served, busy_seconds() - busy, _children_seconds() - own
    found = json.loads(output.splitlines()[-1])
    wall = found["microseconds"] / 1e6
    return Load(
        rate=(found["requests"] - found["refused"]) / wall,
        cost=served / max(found["requests"], 1) * 1000,
        others=max(0.0, busy - served - own) / wall,
        p50=found["p50"] / 1000,
        p99=found["p99"] / 1000,
        longest=found["longest"] / 1000,
        requests=found["requests"],
        errors=found["refused"] + found["broken"],
    )


def _children_seconds() -> float:
    """Return the time that ended children of this process, wrk that is, spent on a processor."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
