"""What the service counts, for Prometheus. With several workers they share the numbers through `PROMETHEUS_MULTIPROC_DIR`."""

from __future__ import annotations

import collections
import os
from collections.abc import Sequence

from flask import Blueprint, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from model import Manifest, Report
from service import guard
from service.openapi import api
from service.sharing import DIRECTORY_VARIABLE

blueprint = Blueprint("metrics", __name__)
blueprint.before_request(guard.need_key)

# prometheus_client decides by the environment when it is imported, and so at the same time as this.
SHARED = DIRECTORY_VARIABLE in os.environ

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
SCORES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1)

requests = Counter("saring_requests", "Requests that were answered.", ["method", "route", "status"])
request_seconds = Histogram("saring_request_seconds", "Time to answer a request.", ["route"], buckets=SECONDS)
in_progress = Gauge("saring_requests_in_progress", "Requests to classify that are under way.", multiprocess_mode="livesum")
articles = Counter("saring_articles", "Articles that were judged.")
flagged_articles = Counter("saring_flagged_articles", "Articles in which a line was flagged.")
lines = Counter("saring_lines", "Lines that were judged, blank ones too.")
flagged_lines = Counter("saring_flagged_lines", "Lines that were flagged.", ["label"])
scores = Histogram("saring_article_score", "Highest score of any line of an article.", buckets=SCORES)
model_info = Gauge("saring_model_info", "Workers that serve a version of a model.", ["name", "version"], multiprocess_mode="livesum")
model_changes = Counter("saring_model_changes", "Models that were put to use after the first one.")


def count_reports(reports: Sequence[Report]) -> None:
    """Count judged articles. Together they cost less: workers share their numbers through files."""
    articles.inc(len(reports))
    lines.inc(sum(report.line_count for report in reports))
    for report in reports:
        scores.observe(report.score)
    flagged = [report for report in reports if report.flagged]
    if flagged:
        flagged_articles.inc(len(flagged))
        for label, count in collections.Counter(verdict.label for report in flagged for verdict in report.verdicts).items():
            flagged_lines.labels(label).inc(count)


def tell_model(manifest: Manifest, before: Manifest | None) -> None:
    """Say which model this worker serves now, and served before."""
    if before is not None:
        model_info.labels(before.name, before.version).set(0)
        model_changes.inc()
    model_info.labels(manifest.name, manifest.version).set(1)


@blueprint.get("/metrics")
@api.validate(tags=["operations"])
def show() -> Response:
    """Show the numbers of all workers, in the text format of Prometheus."""
    registry = REGISTRY
    if SHARED:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
