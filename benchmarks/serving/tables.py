"""Tables to read, and the same figures in a file."""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def print_table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table in Markdown, ready for a document."""
    print(f"\n{title}\n", flush=True)
    lines = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    for line in lines:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |", flush=True)


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Return least, median and most of repeated runs: on a machine that others use too, one number says little."""
    return " / ".join(f"{value:,.{digits}f}" for value in (min(values), statistics.median(values), max(values)))


def write(path: Path, section: str, figures: Mapping[str, Any]) -> None:
    """Put figures, and what they were measured on, into a section of a JSON file; other sections stay."""
    content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    content[section] = {"measured": datetime.now(UTC).isoformat(timespec="seconds"), **_machine(), **figures}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"\nwritten to {path.name}, {section}")


def _machine() -> dict[str, Any]:
    processors = [
        line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    ]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return {
        "commit": commit,
        "processor": processors[0] if processors else "",
        "cores": len(processors),
        "python": platform.python_version(),
    }
