"""The benchmarks, as short as they go: they measure something, and say what."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.speed.readme import RESULTS, TABLES, with_tables
from tests.conftest import skip_or_fail

ROOT = Path(__file__).parent.parent
SHORT = ["--runs", "1", "--seconds", "1", "--articles", "70"]


@pytest.mark.parametrize(
    ("options", "sections", "said"),
    [
        ([], {"endpoints", "bulk"}, ["of the rate of /length", "of the rate in process"]),
        (["--soak", "2"], {"soak"}, ["0 errors, 0 workers replaced", "Resident memory"]),
        (["--servers", "saring serve", "granian, 1 thread"], {"servers"}, ["granian", "seconds to the first answer"]),
    ],
    ids=["endpoints", "soak", "servers"],
)
def test_it_measures_and_keeps_the_figures(tmp_path: Path, options: list[str], sections: set[str], said: list[str]) -> None:
    if shutil.which("wrk") is None:
        skip_or_fail("wrk is not installed")
    output = tmp_path / "figures.json"
    command = [sys.executable, "benchmarks/service.py", *SHORT, *options, "--output", str(output)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert set(json.loads(output.read_text(encoding="utf-8"))) == sections
    assert all(words in result.stdout for words in said)


def test_speed_is_measured_and_drawn(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.speed", "--quick", "--output", str(tmp_path)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    figures = json.loads((tmp_path / "speed.json").read_text(encoding="utf-8"))
    assert {"machine", "articles", "methods", "parallel", "one call", "shapes", "growth", "memory", "start"} <= set(figures)
    methods = [row["method"].partition(",")[0] for row in figures["methods"]]
    assert methods[:2] == ["Saring", "scikit-learn"]
    assert all(f"| {row['method']} |" in result.stdout for row in figures["methods"])
    assert all(row["times"]["minimum"] <= row["times"]["median"] <= row["times"]["maximum"] for row in figures["methods"])
    assert all(row["peak"] > 0 for row in figures["memory"])
    # Everything that is compared is either measured or said to be missing.
    for name in ("fastText", "trafilatura", "jusText", "plots"):
        drawn = (tmp_path / "rates.svg").exists() and (tmp_path / "growth.svg").exists()
        assert (drawn if name == "plots" else name in methods) != (f"left out, not installed: {name}" in result.stdout)


@pytest.mark.parametrize("page", TABLES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_show_the_figures_of_the_last_run(page: Path) -> None:
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    text = page.read_text(encoding="utf-8")
    assert with_tables(text, TABLES[page](results)) == text, "run `python -m benchmarks.speed --tables`"


def test_the_last_run_alternated_often_enough() -> None:
    assert json.loads(RESULTS.read_text(encoding="utf-8"))["rounds"] >= 5
