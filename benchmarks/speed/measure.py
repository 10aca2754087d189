"""Everything that is measured, as it goes into the file of results."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.speed.articles import make_articles, read_lines
from benchmarks.speed.effort import Effort
from benchmarks.speed.growth import growth, shape_cost
from benchmarks.speed.memory import peak
from benchmarks.speed.methods import OWN, methods
from benchmarks.speed.parallel import in_parallel
from benchmarks.speed.shapes import MAKE, SHAPES, USUAL
from benchmarks.speed.startup import start_up
from benchmarks.speed.timing import Range, alternate, compare
from model import Article, Classifier

LIBRARIES = ("numpy", "scikit-learn", "fasttext", "trafilatura", "jusText")
MEMORY_SIZES = (10**6, 10**7, 10**8)
BULK = 100


def measure(effort: Effort) -> dict[str, Any]:
    """Return all figures."""
    texts = make_articles(effort.articles)
    results: dict[str, Any] = {"measured": datetime.now(UTC).isoformat(timespec="minutes"), "machine": _machine(), "rounds": effort.rounds}
    results["comparisons"] = effort.comparisons
    results["articles"] = _describe(texts)
    results["parallel"] = {name: asdict(gain) for name, gain in in_parallel(effort.rounds, effort.parallel_repeats).items()}
    results["start"] = _start(effort)
    classifier = Classifier.load()
    with _one_core():
        results["methods"] = _methods(classifier, texts, effort)
        results["one call"] = asdict(_one_call(classifier, texts, effort))
        results["shapes"] = [_shape(classifier, name, text, effort) for name, text in _shapes(effort)]
        results["growth"] = {name: [asdict(point) for point in points] for name, points in growth(classifier, effort.most_bytes)}
    results["memory"] = [{"shape": name, "bytes": len(text.encode()), "peak": peak(text, texts)} for name, text in _memory_shapes(effort)]
    return results


def _methods(classifier: Classifier, texts: Sequence[str], effort: Effort) -> list[dict[str, Any]]:
    others = methods(classifier, texts, effort.labels)
    own = others.pop(OWN)
    times = compare(own, others, effort)
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    of_own = [beside for pairs in times.values() for _, beside in pairs]
    found = [{"method": OWN, "MB/s": asdict(Range.of([megabytes / value for value in of_own])), "times": asdict(Range(1.0, 1.0, 1.0))}]
    for name, pairs in times.items():
        values, beside = zip(*pairs, strict=True)
        rates = Range.of([megabytes / value for value in values])
        found.append({"method": name, "MB/s": asdict(rates), "times": asdict(Range.of_ratios(values, beside))})
    return found


def _one_call(classifier: Classifier, texts: Sequence[str], effort: Effort) -> Range:
    """Return how many times its share of a call for many an article costs by itself."""
    longest = max(texts, key=len)
    times = alternate(
        {
            "alone": lambda: classifier.classify(Article(longest)),
            "bulk": lambda: list(classifier.classify_many(map(Article, [longest] * BULK))),
        },
        effort,
    )
    return Range.of_ratios([BULK * alone for alone in times["alone"]], times["bulk"])


def _start(effort: Effort) -> dict[str, Any]:
    starts = [start_up() for _ in range(effort.starts)]
    held = [worker for start in starts for worker in start.workers]
    return {
        "seconds": asdict(Range.of([start.seconds for start in starts])),
        "processor seconds": asdict(Range.of([start.processor_seconds for start in starts])),
        "MiB": asdict(Range.of([worker.resident for worker in held])),
        "MiB not shared": asdict(Range.of([worker.private for worker in held])),
        "MiB of weights mapped": asdict(Range.of([worker.weights for worker in held])),
        "MiB of weights copied": asdict(Range.of([worker.weights_copied for worker in held])),
    }


def _shapes(effort: Effort) -> Iterator[tuple[str, str]]:
    for name, make in SHAPES.items():
        yield name, make()[: effort.most_bytes // 10]


def _shape(classifier: Classifier, name: str, text: str, effort: Effort) -> dict[str, Any]:
    report = classifier.classify(Article(text))
    return {
        "shape": name,
        "bytes": len(text.encode()),
        "lines": report.line_count,
        "flagged": len(report.verdicts),
        "times": asdict(shape_cost(classifier, text, effort)),
    }


def _memory_shapes(effort: Effort) -> Iterator[tuple[str, str]]:
    yield from _shapes(effort)
    for size in MEMORY_SIZES:
        if size <= effort.most_bytes:
            yield USUAL, MAKE[USUAL](size)


@contextmanager
def _one_core() -> Iterator[None]:
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def _describe(texts: Sequence[str]) -> dict[str, Any]:
    lines = [line for text in texts for line in text.split("\n")]
    spam = set(read_lines().spam)
    return {
        "count": len(texts),
        "bytes": sum(len(text.encode()) for text in texts),
        "lines": len(lines),
        "spam lines": sum(line in spam for line in lines),
    }


def _machine() -> dict[str, str]:
    name = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "")
    versions = {"Python": platform.python_version()}
    for library in LIBRARIES:
        try:
            versions[library] = version(library)
        except PackageNotFoundError:
            versions[library] = "not installed"
    return {
        "processor": name or platform.machine(),
        "cores": str(os.cpu_count()),
        "load before": f"{os.getloadavg()[0]:.1f}",
        "system": platform.system(),
        **versions,
    }
