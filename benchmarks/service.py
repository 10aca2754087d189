"""Measure the service over loopback, with Debian's wrk.

usage: python benchmarks/service.py [--soak SECONDS | --servers [NAME ...] | --trials [NAME ...]]

Without an option: /classify beside an endpoint of the same application that only parses the JSON and answers with its length,
then newline-delimited JSON through the client beside the same articles judged in process. Runs alternate; every figure is
least / median / most of them. Figures go to benchmarks/results/service.json too.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from saring import Client, Verdict
from serving.articles import article
from serving.callers import STREAMS, TRICKLES, slow_callers
from serving.load import Load, bodies, load
from serving.servers import COMMANDS, PRODUCT, Running, serve
from serving.tables import print_table, spread, write
from serving.trials import TRIALS, try_server

from model import Article, Classifier

RESULTS = Path(__file__).parent / "results" / "service.json"
SAMPLE_SECONDS = 5


def row(name: str, runs: list[Load]) -> list[str]:
    columns = [spread([run.rate for run in runs], 0), spread([run.p50 for run in runs]), spread([run.p99 for run in runs])]
    columns += [spread([run.spread for run in runs]), spread([run.cost for run in runs], 2), spread([run.others for run in runs])]
    return [name, *columns, str(sum(run.errors for run in runs))]


HEAD = ["", "requests/s", "p50 ms", "p99 ms", "p99 / p50", "CPU ms a request", "cores others used", "errors"]


def judged(reached: bool) -> str:
    return "reached" if reached else "MISSED"


def compare_endpoints(options: argparse.Namespace) -> dict[str, Any]:
    """/classify beside /length, one run of each after the other."""
    found: dict[str, list[Load]] = {"/classify": [], "/length": []}
    sent = bodies([article(seed) for seed in range(200)])
    with serve(options.server) as server:
        for path in found:
            load(server, path, sent, 2, options.connections)
        for _ in range(options.runs):
            for path, runs in found.items():
                runs.append(load(server, path, sent, options.seconds, options.connections))
    print_table(f"{options.server}, {options.connections} connections, articles of 4.5 KB", HEAD, [row(*pair) for pair in found.items()])
    ratios = [mine.rate / bare.rate for mine, bare in zip(found["/classify"], found["/length"], strict=True)]
    tail = statistics.median(run.spread for run in found["/classify"])
    costs = [bare.cost / mine.cost for mine, bare in zip(found["/classify"], found["/length"], strict=True)]
    print(f"\n/classify reaches {spread(ratios, 3)} of the rate of /length (target 0.6: {judged(statistics.median(ratios) >= 0.6)});")
    print(f"by the processor time of a request it would be {spread(costs, 3)};")
    print(f"its p99 is {tail:.1f} times its p50 (target 5: {judged(tail <= 5)})")
    return {"server": options.server, "ratios": ratios, "runs": {path: [asdict(run) for run in runs] for path, runs in found.items()}}


def compare_bulk(options: argparse.Namespace) -> dict[str, Any]:
    """Articles per second through the client, and in this process."""
    texts = [article(seed) for seed in range(options.articles)]
    classifier = Classifier.load()

    with serve(options.server) as server, Client(server.url, timeout=120) as client:

        def in_process() -> int:
            return sum(len(classifier.classify(Article(text)).verdicts) for text in texts)

        def over_loopback(connections: int | None = None) -> int:
            results = client.classify_many(texts, connections=connections)
            return sum(len(result.lines) for result in results if isinstance(result, Verdict))

        ways = {"in process": in_process, "NDJSON over loopback": over_loopback, "over one connection": lambda: over_loopback(1)}
        rates: dict[str, list[float]] = {name: [] for name in ways}
        costs: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(options.runs):
            flagged = set()
            for name, judge in ways.items():
                begin, spent = time.perf_counter(), time.process_time() + server.processor_seconds()
                flagged.add(judge())
                rates[name].append(len(texts) / (time.perf_counter() - begin))
                costs[name].append((time.process_time() + server.processor_seconds() - spent) / len(texts) * 1000)
            if len(flagged) > 1:
                raise RuntimeError(f"the ways do not flag the same number of lines: {flagged}")
    here = rates["in process"]
    ratios = {name: [over / own for over, own in zip(there, here, strict=True)] for name, there in rates.items()}
    print_table(
        f"{options.articles} articles of 4.5 KB, {options.server}",
        ["", "articles/s", "of the rate in process", "CPU ms an article, both ends"],
        [[name, spread(rates[name], 0), spread(ratios[name], 2), spread(costs[name], 2)] for name in ways],
    )
    reached = statistics.median(ratios["NDJSON over loopback"])
    print(f"\nNDJSON over loopback reaches {reached:.2f} of the rate in process (target 0.5: {judged(reached >= 0.5)})")
    return {"server": options.server, "ratios": ratios, "articles_per_second": rates, "cost": costs}


def soak(options: argparse.Namespace) -> dict[str, Any]:
    """Full load for long: errors, and what the workers' memory does after the first minute."""
    samples: list[tuple[float, dict[int, float]]] = []
    with serve(options.server) as server:
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(server, samples, ended))
        watch.start()
        run = load(server, "/classify", bodies([article(seed) for seed in range(200)]), options.soak, options.connections)
        ended.set()
        watch.join()
    settled = next((memory for at, memory in samples if at >= min(60, options.soak / 2)), samples[-1][1])
    last = samples[-1][1]
    growth = {pid: last[pid] - settled[pid] for pid in settled if pid in last}
    print_table(f"{options.server}, {options.soak} s at full load", HEAD, [row("/classify", [run])])
    print_table(
        "Resident memory of the workers, MiB",
        ["process", "start", "after a minute", "end", "most", "growth after the first minute"],
        [
            [
                str(pid),
                *(f"{memory.get(pid, 0):.1f}" for memory in (samples[0][1], settled, last)),
                f"{_most(samples, pid):.1f}",
                f"{more:+.2f}",
            ]
            for pid, more in growth.items()
        ],
    )
    whole = {round(at): sum(memory.values()) for at, memory in samples}
    print("\nMiB of all workers, minute by minute: " + " ".join(f"{whole[at]:.1f}" for at in list(whole)[:: 60 // SAMPLE_SECONDS]))
    replaced = len({pid for _, memory in samples for pid in memory}) - len(settled)
    print(f"\n{run.requests:,} requests, {run.errors} errors, {replaced} workers replaced")
    return {
        "server": options.server,
        "seconds": options.soak,
        "run": asdict(run),
        "replaced": replaced,
        "growth_mib": list(growth.values()),
        "memory_mib": whole,
    }


def _watch(server: Running, samples: list[tuple[float, dict[int, float]]], ended: threading.Event) -> None:
    begin = time.monotonic()
    while True:
        samples.append((time.monotonic() - begin, server.workers()))
        if ended.wait(SAMPLE_SECONDS):
            return


def _most(samples: list[tuple[float, dict[int, float]]], pid: int) -> float:
    return max(memory.get(pid, 0.0) for _, memory in samples)


def compare_servers(options: argparse.Namespace) -> dict[str, Any]:
    """Every server in turn, as often as there are runs."""
    names: list[str] = options.servers or list(COMMANDS)
    besides = f"/classify, beside {STREAMS} open streams and {TRICKLES} bodies that come byte by byte"
    found: dict[str, dict[str, list[Load]]] = {path: {name: [] for name in names} for path in ("/classify", besides, "/length")}
    memory: dict[str, list[float]] = {name: [] for name in names}
    started: dict[str, list[float]] = {name: [] for name in names}
    sent = bodies([article(seed) for seed in range(200)])
    for _ in range(options.runs):
        for name in names:
            with serve(name) as server:
                started[name].append(server.started_in)
                load(server, "/classify", sent, 2, options.connections)
                for path in ("/classify", "/length"):
                    found[path][name].append(load(server, path, sent, options.seconds, options.connections))
                with slow_callers(server.url):
                    found[besides][name].append(load(server, "/classify", sent, options.seconds, options.connections))
                memory[name].append(max(server.workers().values()))
    for path, servers in found.items():
        print_table(f"{path}, {options.connections} connections, two workers", HEAD, [row(*pair) for pair in servers.items()])
    print_table(
        "Start-up and memory",
        ["", "seconds to the first answer", "MiB resident, largest worker"],
        [[name, spread(started[name], 2), spread(memory[name], 0)] for name in names],
    )
    runs = {path: {name: [asdict(run) for run in runs] for name, runs in servers.items()} for path, servers in found.items()}
    return {"commands": {name: COMMANDS[name] for name in names}, "runs": runs, "started_in": started, "memory_mib": memory}


def compare_trials(options: argparse.Namespace) -> dict[str, Any]:
    """What each server makes of being stopped, killed and kept waiting."""
    names: list[str] = options.trials or list(COMMANDS)
    found = {name: try_server(name) for name in names}
    print_table("What became of callers", ["", *TRIALS], [[name, *results] for name, results in found.items()])
    return {name: dict(zip(TRIALS, results, strict=True)) for name, results in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--soak", type=int, metavar="SECONDS", help="full load for so long: errors, and growth of memory")
    what.add_argument("--servers", nargs="*", choices=COMMANDS, metavar="NAME", help="compare gunicorn and granian, or those named alone")
    what.add_argument(
        "--trials", nargs="*", choices=COMMANDS, metavar="NAME", help="stop, kill and keep waiting all servers, or those named"
    )
    parser.add_argument("--server", choices=COMMANDS, default=PRODUCT, help="what serves, without --servers")
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=5, help="length of a run (default: %(default)s)")
    parser.add_argument("--connections", type=int, default=16, help="connections kept busy (default: %(default)s)")
    parser.add_argument("--articles", type=int, default=1000, help="articles of a run in bulk (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=RESULTS, metavar="FILE", help="JSON file for the figures (default: %(default)s)")
    options = parser.parse_args()
    if options.servers is not None:
        write(options.output, "servers", compare_servers(options))
    elif options.trials is not None:
        write(options.output, "trials", compare_trials(options))
    elif options.soak:
        write(options.output, "soak", soak(options))
    else:
        write(options.output, "endpoints", compare_endpoints(options))
        write(options.output, "bulk", compare_bulk(options))


if __name__ == "__main__":
    main()
