"""A registry holds versions of a model; a kill at any moment leaves one of them in use, whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from model import DEFAULT_MODEL, Article, ArtifactError, Classifier, Manifest
from model.artifact import KEY_VARIABLE, MANIFEST, SIGNATURE, Tensors, read_artifact, write_artifact
from model.registry import CURRENT, resolve
from training import publish as publishing
from training.publish import list_versions, publish, roll_back


@pytest.fixture(scope="module")
def model() -> tuple[Manifest, Tensors]:
    return read_artifact(DEFAULT_MODEL)


def put(registry: Path, model: tuple[Manifest, Tensors], version: str, keep: int = 5) -> Path:
    return publish(registry, replace(model[0], version=version), model[1], keep)


def put_many(registry: Path, model: tuple[Manifest, Tensors]) -> None:
    for number in range(2, 99):
        put(registry, model, str(number))


def test_the_newest_version_is_in_use_and_rollback_goes_back(tmp_path: Path, model: tuple[Manifest, Tensors]) -> None:
    put(tmp_path, model, "1")
    put(tmp_path, model, "2")
    assert Classifier.load(tmp_path).manifest.version == "2"
    assert roll_back(tmp_path) == "1"
    assert Classifier.load(tmp_path).manifest.version == "1"
    with pytest.raises(ArtifactError, match="older"):
        roll_back(tmp_path)
    assert roll_back(tmp_path, "2") == "2"


def test_old_versions_go_but_never_the_one_before(tmp_path: Path, model: tuple[Manifest, Tensors]) -> None:
    for version in "1234":
        put(tmp_path, model, version, keep=1)
    assert list_versions(tmp_path) == ["3", "4"]


def test_a_version_is_never_overwritten(tmp_path: Path, model: tuple[Manifest, Tensors]) -> None:
    put(tmp_path, model, "1")
    with pytest.raises(FileExistsError):
        put(tmp_path, model, "1")


@pytest.mark.parametrize("step", range(8))
def test_a_kill_at_any_step_leaves_a_whole_version_in_use(
    tmp_path: Path, model: tuple[Manifest, Tensors], monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    put(tmp_path, model, "1")
    calls = 0
    sync = publishing._sync

    def killed(path: Path) -> None:
        nonlocal calls
        calls += 1
        if calls > step:
            raise KeyboardInterrupt
        sync(path)

    monkeypatch.setattr(publishing, "_sync", killed)
    with pytest.raises(KeyboardInterrupt):
        put_many(tmp_path, model)
    version = Classifier.load(tmp_path).manifest.version
    assert version in list_versions(tmp_path)
    monkeypatch.undo()
    put(tmp_path, model, "after")
    assert Classifier.load(tmp_path).manifest.version == "after"


def test_a_pointer_to_nowhere_is_refused(tmp_path: Path, model: tuple[Manifest, Tensors]) -> None:
    put(tmp_path, model, "1")
    for content in ("2", "", "../1", "\ufffd"):
        (tmp_path / CURRENT).write_text(content, encoding="utf-8")
        with pytest.raises(ArtifactError, match=CURRENT):
            resolve(tmp_path)


def test_a_signature_is_asked_for_where_there_is_a_key(
    tmp_path: Path, model: tuple[Manifest, Tensors], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_artifact(tmp_path, *model)
    monkeypatch.setenv(KEY_VARIABLE, "secret")
    with pytest.raises(ArtifactError, match="signed"):
        Classifier.load(tmp_path)
    write_artifact(tmp_path, *model)
    assert Classifier.load(tmp_path).classify(Article("sbobet wap")).score > 0.5
    (tmp_path / MANIFEST).write_text((tmp_path / MANIFEST).read_text(encoding="utf-8").replace('"threshold": 0', '"threshold": 1'), "utf-8")
    with pytest.raises(ArtifactError, match=SIGNATURE):
        Classifier.load(tmp_path)
    write_artifact(tmp_path, *model)
    monkeypatch.setenv(KEY_VARIABLE, "another")
    with pytest.raises(ArtifactError, match=SIGNATURE):
        Classifier.load(tmp_path)
    assert load_file(tmp_path / "weights.safetensors")
