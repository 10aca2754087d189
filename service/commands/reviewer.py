"""``saring reviewer``"""

from __future__ import annotations

from pathlib import Path

import click

SHORTEST = 10


@click.command()
@click.argument("name")
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="SARING_REVIEWERS_FILE",
    help="File to put the reviewer into; it is made if need be.  [default: print the row; env: SARING_REVIEWERS_FILE]",
)
@click.option("--remove", is_flag=True, help="Take the reviewer out of the file instead.")
def reviewer(name: str, path: Path | None, remove: bool) -> None:
    """Let NAME decide flagged lines, with a password that is asked for, or change that password.

    The file holds salted hashes only. A running service reads it when it starts.
    """
    from service.review.reviewers import hash_password, is_name

    if not is_name(name):
        raise click.BadParameter("a name has up to 80 visible characters, no colon, and does not start with #", param_hint="NAME")
    if remove:
        if path is None or not _replace(path, name, None):
            raise click.ClickException(f"{name} is not in {path or 'any file; name one with --file'}")
        return
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    if len(password) < SHORTEST:
        raise click.ClickException(f"a password needs {SHORTEST} characters")
    row = f"{name}:{hash_password(password)}"
    if path is None:
        click.echo(row)
    else:
        _replace(path, name, row)
        click.echo(f"{name} is in {path}", err=True)


def _replace(path: Path, name: str, row: str | None) -> bool:
    """Put `row` where that of `name` was, or at the end; return whether there was one. The file is never half written."""
    try:
        rows = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        kept = [old for old in rows if old.partition(":")[0] != name]
        new = path.with_name(path.name + ".new")
        new.touch(mode=0o600)
        new.write_text("".join(f"{each}\n" for each in (*kept, *([row] if row else []))), encoding="utf-8")
        new.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror or error}") from None
    return len(kept) < len(rows)
