"""Settings: where they come from, what is refused, and what nobody gets to see."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pydantic import SecretStr

from service.cli import main
from service.settings import Settings, SettingsError, load_settings

README = Path(__file__).parent.parent / "README.md"


def write(path: Path, content: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = path / "saring.toml"
    file.write_text(content, encoding="utf-8")
    monkeypatch.setenv("SARING_SETTINGS_FILE", str(file))
    return file


def show(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["settings", *arguments])


def test_what_is_said_last_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "port = 1001\nworkers = 3\nthreads = 40\n", monkeypatch)
    monkeypatch.setenv("SARING_PORT", "1002")
    monkeypatch.setenv("SARING_WORKERS", "4")
    settings = load_settings(workers=5, host=None)
    assert (settings.port, settings.workers, settings.threads, settings.host) == (1002, 5, 40, "127.0.0.1")


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARING_DATABASE_URL", "")
    monkeypatch.setenv("SARING_SETTINGS_FILE", "")
    assert load_settings().database_url is None


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]


def test_several_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARING_API_KEYS", f"{'a' * 64}, {'b' * 64},")
    assert load_settings().api_keys == (SecretStr("a" * 64), SecretStr("b" * 64))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("port = 0", "SARING_PORT: "),
        ("prot = 1", "prot: there is no such setting"),
        ("port =", "saring.toml: "),
        ("api_keys = ['mine']", "SARING_API_KEYS: each must be a SHA-256"),
        ("threads = 16", "threads must be more than max_concurrency"),
    ],
)
def test_bad_settings_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, message: str) -> None:
    write(tmp_path, content, monkeypatch)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert message in str(caught.value)
    assert "mine" not in str(caught.value)
    result = show()
    assert result.exit_code == 1
    assert message in result.stderr


def test_a_file_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARING_SETTINGS_FILE", str(tmp_path / "none.toml"))
    with pytest.raises(SettingsError, match=r"none\.toml: No such file"):
        load_settings()


def test_they_are_printed_with_where_they_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "port = 1001\n", monkeypatch)
    monkeypatch.setenv("SARING_WORKERS", "7")
    lines = {line.split()[0]: line.split()[1:3] for line in show().stdout.splitlines()}
    assert lines["SARING_PORT"] == ["1001", "file"]
    assert lines["SARING_WORKERS"] == ["7", "environment"]
    assert lines["SARING_HOST"] == ["127.0.0.1", "default"]


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.setenv("SARING_DATABASE_URL", "postgresql://saring:sesame@127.0.0.1/saring")
    monkeypatch.setenv("SARING_SESSION_SECRET", "sesame")
    monkeypatch.setenv("SARING_API_KEYS", "5e5a3e" + "0" * 58)
    result = show(*arguments)
    assert result.exit_code == 0
    assert "sesame" not in result.output
    assert "5e5a3e" not in result.output
    assert result.output.count("*****") >= 3


def test_json_holds_every_setting() -> None:
    assert json.loads(show("--json").stdout).keys() == Settings.model_fields.keys()


def test_the_model_of_the_file_is_the_one_that_commands_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, f"model = '{tmp_path / 'nowhere'}'\n", monkeypatch)
    result = CliRunner().invoke(main, ["classify", "-"], input="a")
    assert result.exit_code == 1
    assert "nowhere" in result.stderr


def test_every_setting_is_documented() -> None:
    documented = (README.parent / "docs" / "settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert field.description
        assert re.search(rf"^\| `SARING_{name.upper()}` \| .+ \| {re.escape(field.description)} \|$", documented, re.MULTILINE), name
