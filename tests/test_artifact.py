"""A model directory is loaded whole or refused with the name of the file at fault."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from model import DEFAULT_MODEL, Article, ArtifactError, Classifier
from tests.conftest import ARTICLE


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_MODEL, tmp_path / "model"))


def test_a_copy_says_the_same(directory: Path, classifier: Classifier) -> None:
    assert Classifier.load(directory).classify(Article(ARTICLE)) == classifier.classify(Article(ARTICLE))


@pytest.mark.parametrize("name", ["manifest.json", "weights.safetensors"])
def test_a_missing_file_is_named(directory: Path, name: str) -> None:
    (directory / name).unlink()
    with pytest.raises(ArtifactError, match=name):
        Classifier.load(directory)


@pytest.mark.parametrize("name", ["manifest.json", "weights.safetensors"])
def test_a_truncated_file_is_named(directory: Path, name: str) -> None:
    content = (directory / name).read_bytes()
    (directory / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ArtifactError, match=f"{name}.*truncated"):
        Classifier.load(directory)


def test_an_altered_file_is_named(directory: Path) -> None:
    content = bytearray((directory / "weights.safetensors").read_bytes())
    content[-1] ^= 1
    (directory / "weights.safetensors").write_bytes(content)
    with pytest.raises(ArtifactError, match=r"weights\.safetensors.*altered"):
        Classifier.load(directory)


@pytest.mark.parametrize(
    "change",
    [{"format": 99}, {"threshold": 7}, {"files": {}}, {"files": {"../../etc/hostname": "0"}}, {"parameters": {}}, {"files": []}],
    ids=lambda change: json.dumps(change),
)
def test_an_impossible_manifest_is_refused(directory: Path, change: dict[str, object]) -> None:
    manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    (directory / "manifest.json").write_text(json.dumps({**manifest, **change}), encoding="utf-8")
    with pytest.raises(ArtifactError):
        Classifier.load(directory)


def test_a_directory_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="nowhere"):
        Classifier.load(tmp_path / "nowhere")


def test_the_default_model_was_trained_from_the_seeds_as_they_are() -> None:
    from training.commands.common import SEEDS
    from training.data import digest, read_labelled
    from training.frozen import split_frozen

    assert Classifier.load().manifest.data_digest == digest(split_frozen(read_labelled([SEEDS]))[0]), "seeds/ changed: run `make train`"
