# syntax=docker/dockerfile:1
# Built in one stage, run from another that has no build tools; the same install steps as the Makefile's.
FROM python:3.11-slim AS build
WORKDIR /app
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
RUN python -m venv .venv
COPY requirements.txt requirements.in pyproject.toml README.md ./
RUN .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY model/ model/
COPY service/ service/
COPY training/ training/
RUN .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --editable . \
    && .venv/bin/python -m model.kernel

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home saring
WORKDIR /app
COPY --from=build /app /app
ENV PATH="/app/.venv/bin:$PATH" PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER saring
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
# A container is reached from outside; without a key in SARING_API_KEYS or SARING_API_KEYS_FILE it does not start, unless SARING_OPEN=true.
CMD ["saring", "serve", "--host", "0.0.0.0"]
