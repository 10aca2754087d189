"""The application as it is served, with one endpoint more to measure it against. Any server of WSGI can run `app`."""

from __future__ import annotations

from flask import request

from service import logs
from service.app import create_app
from service.settings import load_settings

settings = load_settings()
logs.configure(settings)
app = create_app(settings=settings)


@app.post("/length")
def length() -> dict[str, int]:
    """Parse the JSON, answer with the length of the text: the least that an endpoint which takes an article can do."""
    return {"length": len(request.get_json()["text"])}
