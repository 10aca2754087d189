"""Whether recent articles still look like those that the model was made for: counted by every worker, told by whichever is asked."""

from __future__ import annotations

import json
import logging
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from flask import Blueprint, Flask, current_app, request
from prometheus_client import Gauge
from spectree import Response

from model import Report
from model.drift import Drift, Profile, Tally, compare
from model.features import NAMES
from model.lines import split_lines
from service import guard
from service.models import Models
from service.openapi import api
from service.schemas import DriftDescription
from service.sharing import DIRECTORY_VARIABLE
from service.state import State

logger = logging.getLogger("service.drift")
blueprint = Blueprint("drift", __name__)
blueprint.before_request(guard.need_key)

UNKNOWN, DISGUISED = NAMES.index("unknown_words"), NAMES.index("disguised_share")
FEWEST, FEWEST_SEGMENTS = 100, 300  # articles, and segments, below which nothing is said
SECONDS, AT_ONCE = 1.0, 50  # how often a worker counts, and how many articles then: a sample does
DEEP_SECONDS, LONGEST = 0.05, 20_000  # of it for scoring in depth, which is slow; longer texts are left out
MOST_LANGUAGES, OTHER = 100, "other"  # callers may name any
MEASURES = ("scores", "languages", "flagged", "unknown_words", "disguised")

moved = Gauge(
    "saring_drift",
    "How far recent articles have moved from those of training time; NaN where that is not known.",
    ["measure"],
    multiprocess_mode="mostrecent",
)
due = Gauge("saring_retraining_due", "Whether that is so far that retraining is due; NaN if not known.", multiprocess_mode="mostrecent")
counted = Gauge("saring_drift_articles", "Recent articles that were counted for it.", multiprocess_mode="mostrecent")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of drift; ``drift`` is None, and ``verdict`` says why, where nothing is."""

    verdict: str
    articles: int
    drift: Drift | None = None


class Recent:
    """Counts what is judged with the model in use, by the hour.

    A worker counts in a thread of its own, a second later, and leaves its counts in `folder` for the others. No text is kept.

    Parameters
    ----------
    hours : int
        For how long an article is recent.
    folder : Path or None
        Where the workers of a service share their counts; None if there is but one process.
    """

    def __init__(self, models: Models, hours: int, folder: Path | None = None) -> None:
        self.models = models
        self.hours = hours
        self.folder = folder
        self._waiting: list[Report] = []
        self._wait_lock, self._count_lock = threading.Lock(), threading.Lock()
        self._tallies: dict[tuple[str, int], Tally] = {}
        self._file: Path | None = None
        self._was_due = False

    def __call__(self, report: Report) -> None:
        """Take a report, unless there are enough of this second."""
        with self._wait_lock:
            if len(self._waiting) == AT_ONCE:
                return
            self._waiting.append(report)
            if len(self._waiting) > 1:
                return  # the first one has started the clock
        timer = threading.Timer(SECONDS, self._turn)
        timer.daemon = True
        timer.start()

    def find(self) -> Finding:
        """Compare the counts of all workers with the reference of the model in use."""
        manifest = self.models.current.manifest
        tally = self._merged(manifest.version)
        if manifest.reference is None:
            return Finding("Whether retraining is due is not known: the model keeps no reference to compare with.", tally.articles)
        if tally.articles < FEWEST or not tally.lines:
            few = f"only {tally.articles} of at least {FEWEST} articles were counted in the last {self.hours} hours"
            return Finding(f"Whether retraining is due is not known yet: {few}.", tally.articles)
        current = tally.profile()
        if tally.segments < FEWEST_SEGMENTS:
            current = replace(current, unknown_words=None, disguised=None)
        drift = compare(Profile.from_dict(manifest.reference), current)
        if drift.due and not self._was_due:
            logger.warning(drift.verdict, extra={"model": manifest.version})
        self._was_due = drift.due
        return Finding(drift.verdict, tally.articles, drift)

    def _turn(self) -> None:
        with self._count_lock:
            with self._wait_lock:
                reports, self._waiting = self._waiting, []
            try:
                self._count(reports)
                self._share()
            except Exception:  # counts are not worth a worker
                logger.exception("counting for drift failed")

    def _count(self, reports: list[Report]) -> None:
        classifier = self.models.current
        manifest = classifier.manifest
        tally = self._tallies.setdefault((manifest.version, _hour()), Tally())
        end = time.monotonic() + DEEP_SECONDS
        for report in reports:
            # Scores of another model, and labels at another threshold, are not those of the reference.
            if report.model.version != manifest.version or report.threshold != manifest.threshold:
                continue
            text, lang = report.article.text, report.article.lang
            if lang is not None and lang not in tally.languages and len(tally.languages) >= MOST_LANGUAGES:
                lang = OTHER
            filled = sum(1 for line in split_lines(text) if line.text.strip())
            tally.add(report.score, filled, [verdict.label for verdict in report.verdicts], lang)
            if len(text) <= LONGEST and time.monotonic() < end:
                features = classifier.score(text).features
                tally.add_lines(np.empty(0), features[:, UNKNOWN].astype(np.float64), features[:, DISGUISED] > 0)

    def _share(self) -> None:
        self._tallies = {key: tally for key, tally in self._tallies.items() if self._is_recent(key[1])}
        if self.folder is None:
            return
        if self._file is None:  # named by the worker, and not by the process that forked it
            self._file = self.folder / f"drift-{os.getpid()}-{secrets.token_hex(8)}.json"
        rows = [{"version": version, "hour": hour, "tally": _to_dict(tally)} for (version, hour), tally in self._tallies.items()]
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps(rows), encoding="utf-8")
        draft.replace(self._file)

    def _merged(self, version: str) -> Tally:
        merged = Tally()
        with self._count_lock:
            for (name, hour), tally in self._tallies.items():
                if name == version and self._is_recent(hour):
                    merged.merge(tally)
        for row in self._others():
            if row["version"] == version and self._is_recent(row["hour"]):
                merged.merge(_from_dict(row["tally"]))
        return merged

    def _others(self) -> Iterator[Mapping[str, Any]]:
        """Yield what other workers left, those too that are no more."""
        for file in self.folder.glob("drift-*.json") if self.folder else ():
            with suppress(OSError, ValueError):
                if file == self._file:
                    continue
                if not self._is_recent(int(file.stat().st_mtime // 3600)):
                    file.unlink()
                    continue
                yield from json.loads(file.read_text(encoding="utf-8"))

    def _is_recent(self, hour: int) -> bool:
        return hour > _hour() - self.hours


def register(app: Flask, state: State) -> None:
    """Have `app` count what it judges, and tell what follows at ``/model/drift`` and in ``/metrics``."""
    shared = os.environ.get(DIRECTORY_VARIABLE)
    recent = Recent(state.models, state.settings.drift_hours, Path(shared) if shared else None)
    state.listeners.append(recent)
    app.extensions["saring-drift"] = recent
    app.register_blueprint(blueprint)
    app.before_request(lambda: _measure(recent))


@blueprint.get("/model/drift")
@api.validate(resp=Response(HTTP_200=DriftDescription), tags=["model"])
def show() -> dict[str, Any]:
    """Compare recent articles with those of training time, and say in one sentence whether retraining is due."""
    recent: Recent = current_app.extensions["saring-drift"]
    found = recent.find()
    measures = {name: found.drift and getattr(found.drift, name) for name in MEASURES}
    answer = {"verdict": found.verdict, "due": found.drift and found.drift.due, "hours": recent.hours, "articles": found.articles}
    return {**answer, **measures}


def _measure(recent: Recent) -> None:
    if request.endpoint != "metrics.show":
        return
    found = recent.find()
    counted.set(found.articles)
    due.set(float("nan") if found.drift is None else found.drift.due)
    for name in MEASURES:
        value = getattr(found.drift, name, None)
        moved.labels(name).set(float("nan") if value is None else value)


def _hour() -> int:
    return int(time.time() // 3600)


def _to_dict(tally: Tally) -> dict[str, Any]:
    values = {field.name: getattr(tally, field.name) for field in fields(tally)}
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in values.items()}


def _from_dict(values: Mapping[str, Any]) -> Tally:
    arrays = {name: np.array(values[name], np.int64) for name in ("highest", "scores")}
    counters: dict[str, Any] = {name: Counter(values[name]) for name in ("languages", "labels")}
    return Tally(**{**values, **arrays, **counters})
