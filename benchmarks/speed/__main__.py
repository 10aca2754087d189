"""Time the way from text to verdict on one core, beside what a scraper could use instead.

Prints tables and writes them to benchmarks/results/ as JSON and SVG, and into README.md and benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.speed.effort import FULL, QUICK
from benchmarks.speed.measure import measure
from benchmarks.speed.readme import RESULTS, update_readmes
from benchmarks.speed.tables import details, summary


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="see whether it works: few and short runs, whose figures are worth little")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="write JSON and SVG there, and leave the two README.md alone")
    parser.add_argument("--tables", action="store_true", help="measure nothing; write the tables of the last run into the two README.md")
    options = parser.parse_args()
    if options.quick and options.output is None:
        parser.error("--quick needs --output: its figures are not for keeping")
    if not options.tables:
        results = measure(QUICK if options.quick else FULL)
        folder = options.output or RESULTS.parent
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RESULTS.name).write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        _draw(results, folder)
        print(summary(results), details(results), sep="\n\n")
    if options.output is None:
        update_readmes()


def _draw(results: dict[str, object], folder: Path) -> None:
    try:
        from benchmarks.speed.plots import plot_growth, plot_rates
    except ImportError as error:
        print(f"left out, not installed: plots ({error})")
        return
    plot_rates(results, folder / "rates.svg")
    plot_growth(results, folder / "growth.svg")


if __name__ == "__main__":
    main()
