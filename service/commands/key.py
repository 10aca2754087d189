"""``saring key``"""

from __future__ import annotations

import click


@click.command()
def key() -> None:
    """Make an API key.

    Prints the key, which is for the caller and kept nowhere, and its SHA-256, which is for SARING_API_KEYS or a line of
    the file in SARING_API_KEYS_FILE. Several may be in force at once: add the new one, have the callers change over, and
    take the old one out.
    """
    from service.keys import hash_key, make_key

    made = make_key()
    click.echo(f"key      {made}")
    click.echo(f"SHA-256  {hash_key(made)}")
