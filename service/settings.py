"""Settings of the service: from the environment (``SARING_…``), from a file that ``SARING_SETTINGS_FILE`` names, or as they are here."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from model import DEFAULT_MODEL

PREFIX = "SARING_"
FILE_VARIABLE = "SARING_SETTINGS_FILE"
KEY_HASH = re.compile(r"[0-9a-f]{64}")


class SettingsError(Exception):
    """Settings that cannot be used; one line for each fault."""


class Settings(BaseSettings):
    """What the service may be told. Every field is a variable with the prefix ``SARING_``, in capitals, and a key of the file.

    A field named on the command line comes first, then the environment, then the file.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=False
    )

    model: Path = Field(DEFAULT_MODEL, description="Directory of the model, or of a registry of versions.")
    model_poll_seconds: float = Field(2.0, gt=0, le=3600, description="How often a worker looks for a new version in the registry.")
    drift_hours: int = Field(24, ge=1, le=720, description="For how long an article is recent, in the comparison with training time.")

    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    open: bool = Field(False, description="Serve without API keys on an address that others can reach.")
    workers: int = Field(2, ge=1, le=256, description="Worker processes.")
    threads: int = Field(20, ge=2, le=1024, description="Threads of a worker; some more than max_concurrency, for health checks.")
    drain_seconds: int = Field(30, ge=0, le=3600, description="How long a worker that is told to stop may finish its requests.")

    max_body_bytes: int = Field(16 * 2**20, ge=1, description="Largest body of a request, or line of a stream, unpacked.")
    max_lines: int = Field(200_000, ge=1, description="Most lines of an article.")
    max_articles: int = Field(1000, ge=1, description="Most articles of one request; a stream has no limit.")
    max_concurrency: int = Field(16, ge=1, description="Most requests to classify that a worker takes on at once.")
    max_spool_bytes: int = Field(2**30, ge=2**20, description="Most bytes of a stream that wait in a temporary file to be judged.")
    request_seconds: float = Field(30.0, gt=0, le=3600, description="Longest time for a request, or to wait for more of a stream.")

    api_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field((), description="SHA-256 of each API key in hex, separated by commas.")
    api_keys_file: Path | None = Field(None, description="File with the SHA-256 of one API key a line; what follows it is a remark.")

    database_url: SecretStr | None = Field(None, description="Where flagged articles are kept, as SQLAlchemy writes it; none: nowhere.")
    session_secret: SecretStr | None = Field(None, description="Signs the sessions of reviewers; none: a new one at each start.")
    retention_days: int = Field(90, ge=1, description="Age at which stored articles are purged.")
    outbox: Path = Field(Path("saring-outbox.db"), description="File in which verdicts wait for the database.")
    max_outbox_bytes: int = Field(2**30, ge=2**20, description="Most bytes that wait in it.")
    reviewers_file: Path | None = Field(None, description="Names and passwords of reviewers, as `saring reviewer` writes it.")

    metrics_dir: Path | None = Field(None, description="Where workers share their metrics; none: a new temporary directory.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe message that is logged.")
    log_format: Literal["json", "text"] = Field("json", description="How a line of the log is written.")

    @field_validator("api_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("api_keys")
    @classmethod
    def _check_hashes(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if not all(KEY_HASH.fullmatch(key.get_secret_value()) for key in value):
            raise ValueError("each must be a SHA-256 in 64 lower-case hex digits; `saring key` makes a key and its hash")
        return value

    @model_validator(mode="after")
    def _check_threads(self) -> Settings:
        if self.threads <= self.max_concurrency:
            raise ValueError("threads must be more than max_concurrency, or a full worker could not say so")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=os.environ.get(FILE_VARIABLE) or None)


def load_settings(**overrides: Any) -> Settings:
    """Return the settings, with those `overrides` that are not None before all others.

    Raises
    ------
    SettingsError
        If the file cannot be read, holds an unknown setting, or a value is not what it should be.
    """
    try:
        check_file()
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise SettingsError("\n".join(_fault(fault) for fault in error.errors())) from None


def check_file() -> Mapping[str, Any]:
    """Return what the settings file says; nothing if there is none. pydantic-settings would pass over a file that is missing."""
    name = os.environ.get(FILE_VARIABLE)
    if not name:
        return {}
    try:
        return tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{FILE_VARIABLE}: {name}: {getattr(error, 'strerror', None) or error}") from None


def origin(name: str) -> Literal["environment", "file", "default"]:
    """Tell where `load_settings` takes the setting `name` from."""
    if os.environ.get(PREFIX + name.upper()):
        return "environment"
    return "file" if name in check_file() else "default"


def masked(settings: Settings) -> dict[str, Any]:
    """Return the settings as JSON values with asterisks for every secret."""
    return settings.model_dump(mode="json")


def _fault(fault: Mapping[str, Any]) -> str:
    name = str(fault["loc"][0]) if fault["loc"] else ""
    if fault["type"] == "extra_forbidden":
        return f"{os.environ.get(FILE_VARIABLE)}: {name}: there is no such setting"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{PREFIX}{name.upper()}: {message}" if name else message
