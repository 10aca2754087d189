"""A model on disk: a directory with a readable ``manifest.json`` and the weights as safetensors.

Nothing in it needs unpickling, so loading cannot run code. Every file is checked against the SHA-256 in the manifest. Where the
environment holds a key in ``SARING_MODEL_KEY``, the manifest must bear its signature, so that nobody without it can swap a model.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.mapping import map_tensors
from model.types import ModelInfo

FORMAT = 3
MANIFEST = "manifest.json"
WEIGHTS = "weights.safetensors"
SIGNATURE = "manifest.json.hmac"
KEY_VARIABLE = "SARING_MODEL_KEY"

Tensors = dict[str, NDArray[Any]]


class ArtifactError(Exception):
    """A model directory that cannot be used; the message says which file is at fault and why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``manifest.json`` says of a model.

    ``data_digest`` is the SHA-256 of the training rows in their canonical order, ``line_count`` the number of
    labelled lines among them, ``figures`` what training measured out of fold, ``libraries`` the versions it ran with,
    ``parameters`` the scalars that inference needs beside the weights, and ``files`` maps every other file of the
    directory to its SHA-256. ``reference`` is what articles looked like to the model at training time, as a profile of
    `model.drift`; None where nobody counted.
    """

    name: str
    version: str
    created: str
    threshold: float
    line_count: int
    data_digest: str
    figures: Mapping[str, Any]
    libraries: Mapping[str, str]
    parameters: Mapping[str, Any]
    files: Mapping[str, str]
    format: int = FORMAT
    reference: Mapping[str, Any] | None = None

    @property
    def info(self) -> ModelInfo:
        return ModelInfo(self.name, self.version)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_artifact(directory: Path, manifest: Manifest, tensors: Tensors) -> Manifest:
    """Write a model directory and return its manifest with ``files`` filled in.

    With a key in the environment the manifest is signed (HMAC, RFC 2104). It is written last and renamed into place, so a directory
    that was left half written is refused by `read_artifact` instead of being half read.
    """
    # Serving reads weights without this library.
    from safetensors.numpy import save_file

    directory.mkdir(parents=True, exist_ok=True)
    save_file({key: np.ascontiguousarray(tensors[key]) for key in sorted(tensors)}, directory / WEIGHTS)
    return write_manifest(directory, replace(manifest, files={WEIGHTS: sha256(directory / WEIGHTS)}))


def write_manifest(directory: Path, manifest: Manifest) -> Manifest:
    """Write the manifest of a model directory whose other files are there, signed if the environment holds a key; return it."""
    draft = directory / f".{MANIFEST}.new"
    draft.write_text(json.dumps(asdict(manifest), indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    key = os.environ.get(KEY_VARIABLE)
    if key:
        (directory / SIGNATURE).write_text(_sign(draft.read_bytes(), key) + "\n", encoding="ascii")
    else:
        (directory / SIGNATURE).unlink(missing_ok=True)
    draft.replace(directory / MANIFEST)
    return manifest


def read_artifact(directory: Path) -> tuple[Manifest, Tensors]:
    """Load a model directory. The weights are mapped, not copied: processes that serve the same model share them.

    Raises
    ------
    ArtifactError
        If a file is missing, truncated or altered, lacks the signature that is asked for, or was written by a version of the format
        that is not known here.
    """
    _check_signature(directory)
    manifest = _read_manifest(directory / MANIFEST)
    for name, expected in sorted(manifest.files.items()):
        path = directory / name
        if Path(name).name != name:
            raise ArtifactError(f"{directory / MANIFEST}: {name!r} is not a plain file name")
        try:
            actual = sha256(path)
        except OSError as error:
            raise ArtifactError(f"{path}: {error.strerror or error}") from error
        if actual != expected:
            raise ArtifactError(f"{path}: truncated or altered (SHA-256 {actual[:12]}…, expected {expected[:12]}…)")
    if WEIGHTS not in manifest.files:
        raise ArtifactError(f"{directory / MANIFEST}: names no {WEIGHTS}")
    try:
        return manifest, map_tensors(directory / WEIGHTS)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ArtifactError(f"{directory / WEIGHTS}: {error}") from error


def _sign(content: bytes, key: str) -> str:
    return hmac.new(key.encode(), content, hashlib.sha256).hexdigest()


def _check_signature(directory: Path) -> None:
    key = os.environ.get(KEY_VARIABLE)
    if not key:
        return
    try:
        content, signature = (directory / MANIFEST).read_bytes(), (directory / SIGNATURE).read_bytes()
    except OSError as error:
        raise ArtifactError(f"{error.filename}: {error.strerror or error}; {KEY_VARIABLE} asks for a signed model") from error
    if not hmac.compare_digest(signature.strip(), _sign(content, key).encode()):
        raise ArtifactError(f"{directory / SIGNATURE}: is not the signature of {MANIFEST} by the key in {KEY_VARIABLE}")


def _read_manifest(path: Path) -> Manifest:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ArtifactError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:
        raise ArtifactError(f"{path}: truncated or not JSON ({error})") from error
    if not isinstance(content, dict):
        raise ArtifactError(f"{path}: not a JSON object")
    if content.get("format") != FORMAT:
        raise ArtifactError(f"{path}: format {content.get('format')!r} is not known here, expected {FORMAT}")
    missing = [field.name for field in fields(Manifest) if field.default is MISSING and field.name not in content]
    if missing:
        raise ArtifactError(f"{path}: lacks {', '.join(missing)}")
    known = {field.name for field in fields(Manifest)}
    manifest = Manifest(**{key: value for key, value in content.items() if key in known})
    if not isinstance(manifest.files, dict) or not isinstance(manifest.parameters, dict):
        raise ArtifactError(f"{path}: files and parameters must be objects")
    if not isinstance(manifest.reference, dict | None):
        raise ArtifactError(f"{path}: reference must be an object")
    if not isinstance(manifest.threshold, (int, float)) or not 0 <= manifest.threshold <= 1:
        raise ArtifactError(f"{path}: threshold must be a number from 0 to 1")
    return manifest
