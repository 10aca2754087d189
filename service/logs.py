"""What the service writes to standard error: one JSON object a line, or plain text."""

from __future__ import annotations

import logging
from logging.config import dictConfig

from flask import g, has_request_context

from service.settings import Settings


class RequestId(logging.Filter):
    """Adds the id of the request under way to what is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id") and has_request_context() and "request_id" in g:
            record.request_id = g.request_id
        return True


class TextFormatter(logging.Formatter):
    """A line for a person to read."""

    EXTRAS = ("method", "path", "status", "milliseconds", "model", "request_id")

    def format(self, record: logging.LogRecord) -> str:
        extras = [f"{name}={getattr(record, name)}" for name in self.EXTRAS if hasattr(record, name)]
        return " ".join([super().format(record), *extras])


def configure(settings: Settings) -> None:
    """Write the log as `settings` ask."""
    level = settings.log_level.upper()
    dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"request_id": {"()": RequestId}},
            "formatters": {
                "json": {
                    "()": "pythonjsonlogger.json.JsonFormatter",
                    "format": "{levelname}{name}{process}{message}",
                    "style": "{",
                    "rename_fields": {"levelname": "level", "name": "logger"},
                    "timestamp": "time",
                    "json_ensure_ascii": False,
                },
                "text": {"()": TextFormatter, "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": settings.log_format, "filters": ["request_id"]}},
            "root": {"level": level, "handlers": ["stderr"]},
            # Starting and stopping of workers is of interest when something is wrong.
            "loggers": {"gunicorn.error": {"level": "WARNING" if level == "INFO" else level}},
        }
    )
