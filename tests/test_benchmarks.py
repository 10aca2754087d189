"""The benchmark of the service, as short as it goes: it measures something, and says what."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
