"""``saring serve``"""

from __future__ import annotations

import gc
import ipaddress
import socket
from typing import TYPE_CHECKING

import click

from service.commands.loading import ModelOption, read_settings

if TYPE_CHECKING:
    from flask import Flask

    from service.settings import Settings

EXAMPLE = """curl {url}/classify -H 'Content-Type: application/json' -d '{{"text": "Harga beras naik.\\nsbobet wap"}}'"""


@click.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1; env: SARING_HOST]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [default: 8000; env: SARING_PORT]")
@click.option("--workers", type=click.IntRange(1), help="Number of worker processes.  [default: 2; env: SARING_WORKERS]")
@click.option(
    "--open", "is_open", is_flag=True, default=None, help="Serve all who can reach the address, without keys.  [env: SARING_OPEN]"
)
@click.pass_obj
def serve(option: ModelOption, host: str | None, port: int | None, workers: int | None, is_open: bool | None) -> None:
    """Start the HTTP service.

    SIGTERM ends it when the requests under way are answered; SIGHUP has it load its model anew. `saring settings` lists
    what else can be set.
    """
    gc.disable()  # what is loaded now stays, and to look through it for garbage takes a tenth of the start
    try:
        settings = read_settings(model=option.given, host=host, port=port, workers=workers, open=is_open)
        app = _load(settings)
    finally:
        gc.enable()
    gc.freeze()  # so that workers do not look through it either, and go on sharing its memory
    address = f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"
    click.echo(f"Saring listens on http://{address} and has a page there. Try:")
    click.echo("  " + EXAMPLE.format(url=f"http://{address}"))
    from service import server

    server.run(app, settings)


def _load(settings: Settings) -> Flask:
    """Return the application, or end the command with one line that says what stands against it."""
    # What the service needs is imported here, so that the other commands start without it.
    from service.keys import Keys
    from service.settings import SettingsError

    try:
        _check_reach(settings, has_keys=bool(Keys(settings)))
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    _check_free(settings.host, settings.port)
    from service.sharing import share_metrics

    share_metrics(settings.metrics_dir)  # before prometheus_client is imported, as it says itself
    from model import ArtifactError
    from service import logs
    from service.app import create_app

    try:
        app = create_app(settings=settings)
    except ArtifactError as error:
        raise click.ClickException(str(error)) from None
    logs.configure(settings)
    return app


def _check_reach(settings: Settings, *, has_keys: bool) -> None:
    """End the command if anybody could use the service and nobody said that they may."""
    if not (has_keys or settings.open or _is_loopback(settings.host)):
        raise click.ClickException(
            f"{settings.host} can be reached from other machines, and no API key is set. Make one with `saring key` and name its hash in "
            "SARING_API_KEYS, or say --open if all who can reach it may use it."
        )


def _is_loopback(host: str) -> bool:
    try:
        addresses = {str(address[4][0]) for address in socket.getaddrinfo(host, None)}
    except OSError:
        return True  # nobody can listen there, which is told next
    return all(ipaddress.ip_address(address.partition("%")[0]).is_loopback for address in addresses)


def _check_free(host: str, port: int) -> None:
    """End the command with one line if nobody can listen there: the server itself would try for seconds first."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host} port {port}: {error.strerror or error}") from None
