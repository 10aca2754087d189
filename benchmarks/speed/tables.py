"""Results as tables in Markdown, beside what was aimed at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.speed.methods import FASTTEXT, JUSTEXT, OWN, SKLEARN, TRAFILATURA
from benchmarks.speed.shapes import EXPECTED, USUAL

Results = Mapping[str, Any]

TARGETS = {SKLEARN: "≥ 40", FASTTEXT: "≥ 2", TRAFILATURA: "≥ 20", JUSTEXT: "≥ 20"}
SPREAD = ("least", "median", "most")


def summary(results: Results) -> str:
    """Return who is how much faster than whom, and what else was aimed at."""
    articles, machine = results["articles"], results["machine"]
    versions = ", ".join(f"{name} {value}" for name, value in machine.items() if name not in ("processor", "cores", "load before"))
    about = (
        f"{articles['count']} articles of {articles['bytes'] / 1e6:.2f} MB in all, {articles['spam lines']:,} of {articles['lines']:,} "
        f"lines spam; {results['comparisons']} comparisons on one core of {machine['cores']} ({machine['processor']}, load "
        f"{machine['load before']} before), {results['measured'][:10]}.\n{versions}."
    )
    return "\n\n".join([about, _methods(results), _others(results)])


def details(results: Results) -> str:
    """Return what texts out of the ordinary cost."""
    shapes = (
        (
            row["shape"],
            f"{row['bytes']:,}",
            f"{row['flagged']:,} of {row['lines']:,}",
            *_spread(row["times"]),
            "≤ 2" if row["shape"] in EXPECTED else "",
        )
        for row in results["shapes"]
    )
    memory = (
        (row["shape"], f"{row['bytes']:,}", _figure(row["peak"]), "≤ 12" if row["shape"] in (*EXPECTED, USUAL) else "")
        for row in results["memory"]
    )
    sizes = [point["bytes"] for point in results["growth"][USUAL]]
    growth = ((name, *(_figure(point["cost"]) for point in points)) for name, points in results["growth"].items())
    return "\n\n".join(
        [
            "What a byte costs, as a multiple of what one of usual articles costs:",
            _table(("text", "bytes", "flagged lines", *SPREAD, "target"), shapes),
            "The most memory above the loaded model, the text itself included, in bytes for each byte of the text:",
            _table(("text", "bytes", "peak", "target"), memory),
            "Nanoseconds a byte in texts of so many bytes:",
            _table(("text", *(f"{size:,}" for size in sizes)), growth),
        ]
    )


def _methods(results: Results) -> str:
    rows = [
        (
            row["method"],
            _figure(row["MB/s"]["median"]),
            *(_spread(row["times"]) if row["method"] != OWN else ("", "", "")),
            TARGETS.get(row["method"], ""),
        )
        for row in results["methods"]
    ]
    return _table(("method", "MB/s", "Saring is … times as fast: least", "median", "most", "target"), rows)


def _others(results: Results) -> str:
    parallel, start = results["parallel"], results["start"]
    rows = [
        ("two processes against one, times", parallel["two processes"], "≥ 1.8"),
        ("two threads against one, times", parallel["two threads"], "≥ 1.8"),
        ("the same of processes that only count", parallel["two processes that only count"], ""),
        ("one call for an article, times its share of a call for many", results["one call"], "≤ 5"),
        *(
            (f"{row['shape']}, times the usual cost of a byte", row["times"], "≤ 2")
            for row in results["shapes"]
            if row["shape"] in EXPECTED
        ),
        ("`saring serve`, seconds to its first answer", start["seconds"], "≤ 0.5"),
        ("of these on a processor, all processes together", start["processor seconds"], ""),
        ("resident memory of a worker, MiB", start["MiB"], "≤ 120"),
        ("of these not shared with another", start["MiB not shared"], ""),
        ("of these a copy of weights, which are mapped", start["MiB of weights copied"], "0"),
    ]
    return _table(("measured", *SPREAD, "target"), ((name, *_spread(spread), target) for name, spread, target in rows))


def _spread(spread: Mapping[str, float]) -> list[str]:
    return [_figure(spread[name]) for name in ("minimum", "median", "maximum")]


def _figure(value: float) -> str:
    """Write three digits, but no more than two behind the point."""
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2}f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
