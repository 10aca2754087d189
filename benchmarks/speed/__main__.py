"""Time the way from text to verdict on one core, beside what a scraper could use instead.

usage: python -m benchmarks.speed [--rounds N] [--articles N] [--quick]

Prints tables, and writes them as JSON and SVG to benchmarks/results/. --quick leaves out texts of 100 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.speed.articles import make_articles
from benchmarks.speed.growth import growth, memory, shape_costs
from benchmarks.speed.methods import methods
from benchmarks.speed.plots import plot_growth, plot_rates
from benchmarks.speed.startup import start_up
from benchmarks.speed.timing import Range, alternate, two_processes
from model import Article, Classifier

RESULTS = Path(__file__).parents[1] / "results"
LIBRARIES = ("numpy", "scikit-learn", "fasttext", "trafilatura", "jusText")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    parallel = two_processes(options.rounds)
    started = [start_up() for _ in range(5)]
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    texts = make_articles(options.articles)
    results: dict[str, Any] = {"machine": _machine(), "articles": len(texts), "bytes": sum(len(text.encode()) for text in texts)}
    results.update(_methods(texts, options.rounds))
    results["two processes against one"] = asdict(parallel)
    results["start-up"] = {"seconds": asdict(Range.of([s for s, _ in started])), "MiB": asdict(Range.of([m for _, m in started]))}
    classifier = Classifier.load()
    results["one call"] = asdict(_one_call(classifier, texts[0], options.rounds))
    results["shapes"] = [{"shape": name, "bytes": size, "times the usual cost": ratio} for name, size, ratio in shape_costs(classifier)]
    points = list(growth(classifier))[: -1 if options.quick else None]
    results["growth"] = [{"bytes": size, "ns a byte": cost} for size, cost in points]
    results["memory"] = {str(size): memory(size) for size in (10**6, 10**7)}
    plot_growth(points, RESULTS / "growth.svg")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "speed.json").write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _print(results)


def _methods(texts: list[str], rounds: int) -> dict[str, Any]:
    times = alternate(methods(texts), rounds)
    size = sum(len(text.encode()) for text in texts)
    own = next(iter(times.values()))
    rates = {name: Range.of([size / 1e6 / value for value in values]) for name, values in times.items()}
    ratios = {name: Range.of([other / mine for other, mine in zip(values, own, strict=True)]) for name, values in times.items()}
    plot_rates({name: rate.median for name, rate in rates.items()}, RESULTS / "rates.svg")
    return {
        "MB/s": {name: asdict(rate) for name, rate in rates.items()},
        "times as fast": {name: asdict(ratio) for name, ratio in list(ratios.items())[1:]},
    }


def _one_call(classifier: Classifier, text: str, rounds: int) -> Range:
    """Return how many times its share of a bulk call an article costs by itself, in a call from a text just received."""
    article = Article(text)
    times = alternate(
        {"alone": lambda: classifier.classify(Article(text)), "bulk": lambda: list(classifier.classify_many([article] * 500))}, 20 * rounds
    )
    return Range.of([500 * alone / bulk for alone, bulk in zip(times["alone"], times["bulk"], strict=True)])


def _machine() -> dict[str, str]:
    name = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "")
    versions = {"Python": platform.python_version()}
    for library in LIBRARIES:
        try:
            versions[library] = version(library)
        except PackageNotFoundError:
            versions[library] = "not installed"
    return {"processor": name or platform.machine(), "cores": str(os.cpu_count()), "system": platform.system(), **versions}


def _print(results: dict[str, Any]) -> None:
    print(", ".join(f"{key} {value}" for key, value in results["machine"].items()))
    print(f"{results['articles']} articles, {results['bytes'] / 1e6:.2f} MB\n")
    print("| method | MB/s | Saring is … times as fast: minimum | median | maximum |\n|---|---|---|---|---|")
    for name, rate in results["MB/s"].items():
        ratio = results["times as fast"].get(name)
        figures = [f"{ratio[key]:.1f}" for key in ("minimum", "median", "maximum")] if ratio else ["", "", ""]
        print(f"| {name} | {rate['median']:.2f} | {' | '.join(figures)} |")
    print("\n| measured | minimum | median | maximum |\n|---|---|---|---|")
    for name, figures in (
        ("two processes against one, times the throughput", results["two processes against one"]),
        ("one call, times its share of a bulk call", results["one call"]),
        ("start-up to first answer, s", results["start-up"]["seconds"]),
        ("resident memory of a worker, MiB", results["start-up"]["MiB"]),
    ):
        print(f"| {name} | {figures['minimum']:.2f} | {figures['median']:.2f} | {figures['maximum']:.2f} |")
    print("\n| text | bytes | times the usual cost a byte |\n|---|---|---|")
    for row in results["shapes"]:
        print(f"| {row['shape']} | {row['bytes']:,} | {row['times the usual cost']:.2f} |")
    print("\n| bytes of text | ns a byte |\n|---|---|")
    for row in results["growth"]:
        print(f"| {row['bytes']:,} | {row['ns a byte']:.1f} |")
    print("\n| bytes of text | peak memory above model and text, bytes a byte |\n|---|---|")
    for size, ratio in results["memory"].items():
        print(f"| {int(size):,} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
