"""Who may decide: the file of reviewers, and the brake on guessing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.review.attempts import Attempts
from service.review.reviewers import Reviewers, ReviewersError

PASSWORD = "padi dan jagung"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "reviewers"
    add(path, "Sri", PASSWORD)
    return path


def add(path: Path, name: str, password: str) -> None:
    result = CliRunner().invoke(main, ["reviewer", name, "--file", str(path)], input=f"{password}\n{password}\n")
    assert result.exit_code == 0, result.output


def test_a_reviewer_is_known_by_name_and_password(file: Path) -> None:
    add(file, "Budi", "ikan di sungai")
    reviewers = Reviewers.read(file)
    assert not reviewers.open
    assert reviewers.check("Sri", PASSWORD)
    assert reviewers.check("Budi", "ikan di sungai")
    assert not reviewers.check("Sri", "ikan di sungai")
    assert not reviewers.check("Nobody", PASSWORD)
    assert PASSWORD not in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o077 == 0


def test_a_new_password_replaces_the_old_and_ends_sessions(file: Path) -> None:
    before = Reviewers.read(file)
    add(file, "Sri", "kelapa muda hijau")
    after = Reviewers.read(file)
    assert not after.check("Sri", PASSWORD)
    assert after.fingerprint("Sri") != before.fingerprint("Sri")


def test_a_removed_reviewer_is_unknown(file: Path) -> None:
    add(file, "Budi", "ikan di sungai")
    assert CliRunner().invoke(main, ["reviewer", "Sri", "--file", str(file), "--remove"]).exit_code == 0
    assert Reviewers.read(file).fingerprint("Sri") is None
    assert CliRunner().invoke(main, ["reviewer", "Sri", "--file", str(file), "--remove"]).exit_code == 1


@pytest.mark.parametrize("content", ["", "# nobody\n", "Sri\n", "Sri:secret in plain\n", None], ids=repr)
def test_a_file_that_is_not_one_opens_no_door(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "reviewers"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ReviewersError, match="reviewers"):
        Reviewers.read(path)


def test_short_passwords_and_impossible_names_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "reviewers"
    for name, password in (("Sri", "short"), ("a:b", PASSWORD), ("#", PASSWORD), (" ", PASSWORD)):
        result = CliRunner().invoke(main, ["reviewer", name, "--file", str(path)], input=f"{password}\n{password}\n")
        assert result.exit_code != 0
    assert not path.exists()


def test_failures_cost_a_wait_that_doubles_and_success_ends_it() -> None:
    now = 0.0
    attempts = Attempts(clock=lambda: now)
    for _ in range(4):
        attempts.failed("Sri")
    assert attempts.wait("Sri") == 0
    attempts.failed("Sri")
    first = attempts.wait("Sri")
    attempts.failed("Sri")
    assert attempts.wait("Sri") == 2 * first > 0
    assert attempts.wait("Budi") == 0
    now += 2 * first
    assert attempts.wait("Sri") == 0
    attempts.succeeded("Sri")
    attempts.failed("Sri")
    assert attempts.wait("Sri") == 0
