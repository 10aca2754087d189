"""The most memory that a text takes above the loaded model.

It is measured in a process of its own, which has judged usual articles before: ``python -m benchmarks.speed.memory TEXT ARTICLES``.
"""

from __future__ import annotations

import ctypes
import gc
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from model import Article, Classifier

CLEAR_PEAK = "5"  # see proc_pid_clear_refs(5)


def peak(text: str, warm_up: list[str]) -> float:
    """Return the bytes that `text` takes at the most, from the moment it is read, for each of its bytes in UTF-8.

    The text itself counts, and so do its verdicts and the text without them.
    """
    with TemporaryDirectory() as folder:
        path, articles = Path(folder, "text"), Path(folder, "articles")
        path.write_bytes(text.encode())
        articles.write_text(json.dumps(warm_up), encoding="utf-8")
        child = [sys.executable, "-m", __name__, str(path), str(articles)]
        taken = int(subprocess.run(child, stdout=subprocess.PIPE, text=True, check=True).stdout)
        return taken / path.stat().st_size


def _measure(path: Path, articles: Path) -> int:
    classifier = Classifier.load()
    for text in json.loads(articles.read_text(encoding="utf-8")):
        classifier.classify(Article(text))  # reads weights and tables, which belong to the loaded model
    del text
    gc.collect()
    with suppress(AttributeError):  # what the articles have left free must not hide what the text takes
        ctypes.CDLL(None).malloc_trim(0)
    with suppress(OSError):  # where it cannot be cleared, the peak is that of loading the model at the least
        Path("/proc/self/clear_refs").write_text(CLEAR_PEAK)
    before = _status("VmRSS")
    report = classifier.classify(Article(path.read_bytes().decode()))
    most = _status("VmHWM")
    del report
    return most - before


def _status(name: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    print(_measure(Path(sys.argv[1]), Path(sys.argv[2])))
