"""Some of the seeds: one file of articles and some of lines, enough to learn from and little enough to be quick."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from training.commands.common import SEEDS

FEW = ("articles/id_news_1.jsonl", "lines/id_web_spam_2.jsonl", "lines/id_web_spam_3.jsonl", "lines/id_clean_1.jsonl")


def copy_few(folder: Path) -> Path:
    """Copy these seeds into `folder` and return it."""
    for name in FEW:
        shutil.copy(SEEDS / name, folder)
    return folder


def read_seeds(name: str) -> list[dict[str, Any]]:
    """Return the rows of one file of all seeds."""
    return [json.loads(row) for row in (SEEDS / name).read_text(encoding="utf-8").splitlines()]


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write rows as JSONL and return the path."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path
