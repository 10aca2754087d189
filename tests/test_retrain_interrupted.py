"""Whatever ends a retraining before its time, the version in use stays in use, whole."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from model import DEFAULT_MODEL, Classifier
from model.registry import VERSIONS
from training.publish import list_versions

ROOT = Path(__file__).parent.parent
SEEDS = ("articles/id_news_1.jsonl", "lines/id_web_spam_2.jsonl", "lines/id_clean_1.jsonl")
# Publishes version after version, and says so, until it is killed.
PUBLISHER = """
import itertools, sys
from dataclasses import replace
from pathlib import Path
from model import DEFAULT_MODEL
from model.artifact import read_artifact
from training.publish import publish
manifest, tensors = read_artifact(DEFAULT_MODEL)
for number in itertools.count(int(sys.argv[2])):
    publish(Path(sys.argv[1]), replace(manifest, version=str(number)), tensors, keep=2)
    print(number, flush=True)
"""


def test_ctrl_c_publishes_nothing_and_says_so(tmp_path: Path) -> None:
    registry, seeds = tmp_path / "models", tmp_path / "seeds"
    seeds.mkdir()
    for name in SEEDS:
        shutil.copy(ROOT / "seeds" / name, seeds)
    command = [sys.executable, "-m", "training", "retrain", "--seeds", str(seeds), "--registry", str(registry), "--fast"]
    command += ["--champion", str(DEFAULT_MODEL), "--report", str(tmp_path / "report")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=120)
    assert "fitting" in first
    assert process.returncode == 130
    assert rest.splitlines()[-1] == "training: interrupted; nothing was published"
    assert "Traceback" not in rest
    assert not registry.exists()
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize("delay", [0.0, 0.007, 0.019, 0.031, 0.053])
def test_kill_9_while_publishing_leaves_a_whole_version_in_use(tmp_path: Path, delay: float) -> None:
    number = 1
    for _ in range(2):
        with subprocess.Popen([sys.executable, "-c", PUBLISHER, str(tmp_path), str(number)], cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            said = int(process.stdout.readline())
            time.sleep(delay)
            os.kill(process.pid, signal.SIGKILL)
            said = max([said, *map(int, process.stdout.read().split())])
        current = int(Classifier.load(tmp_path).manifest.version)
        assert current in (said, said + 1)
        assert str(current) in list_versions(tmp_path)
        number = current + 1
    # The next one clears away what the last left.
    with subprocess.Popen([sys.executable, "-c", PUBLISHER, str(tmp_path), str(number)], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()
    assert len(list((tmp_path / VERSIONS).glob(f".new-{number - 1}"))) == 0
