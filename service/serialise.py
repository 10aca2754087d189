"""Reports and manifests as the JSON objects that callers get."""

from __future__ import annotations

import json
from typing import Any

from model import Manifest, Reason, Report, Verdict

# Line ends that JSON leaves bare; many a reader of rows would split there.
LINE_ENDS = {end: f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


def report_to_dict(report: Report) -> dict[str, Any]:
    """Return the body of ``POST /classify``."""
    return {
        "id": report.article.id,
        "flagged": report.flagged,
        "score": _rounded(report.score),
        "threshold": report.threshold,
        "line_count": report.line_count,
        "lines": [_verdict(verdict) for verdict in report.verdicts],
        "clean_text": report.clean_text,
        "model": {"name": report.model.name, "version": report.model.version},
    }


def to_row(value: Any) -> str:
    """Return `value` as one line of JSON, without its line end."""
    row = json.dumps(value, ensure_ascii=False)
    # str.translate() would do, but takes longer over a verdict than the model did.
    for end, escape in LINE_ENDS.items():
        row = row.replace(end, escape)
    return row


def manifest_to_dict(manifest: Manifest) -> dict[str, Any]:
    """Return the body of ``GET /model``."""
    return {
        "name": manifest.name,
        "version": manifest.version,
        "created": manifest.created,
        "line_count": manifest.line_count,
        "threshold": manifest.threshold,
        "data_digest": manifest.data_digest,
        "figures": dict(manifest.figures),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "number": verdict.line.number,
        "start": verdict.line.start,
        "end": verdict.line.end,
        "text": verdict.line.text,
        "label": verdict.label,
        "score": _rounded(verdict.score),
        "spans": [list(span) for span in verdict.spans],
        "reasons": [_reason(reason) for reason in verdict.reasons],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    result: dict[str, Any] = {"code": reason.code, "message": reason.message}
    if reason.span is not None:
        result["span"] = list(reason.span)
    return result


def _rounded(score: float) -> float:
    return round(score, 6)
