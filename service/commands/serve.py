"""``saring serve``"""

from __future__ import annotations

import socket

import click

from service.commands.loading import ModelOption

EXAMPLE = """curl {url}/classify -H 'Content-Type: application/json' -d '{{"text": "Harga beras naik.\\nsbobet wap"}}'"""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Number of worker processes.")
@click.pass_obj
def serve(option: ModelOption, host: str, port: int, workers: int) -> None:
    """Start the HTTP service."""
    # Imported here, so that the other commands start without Flask and gunicorn.
    from service.app import create_app
    from service.server import Server

    _check_free(host, port)
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    app = create_app(option.load())
    click.echo(f"Saring listens on http://{address} and has a page there. Try:")
    click.echo("  " + EXAMPLE.format(url=f"http://{address}"))
    Server(app, bind=address, workers=workers, preload_app=True, loglevel="warning").run()


def _check_free(host: str, port: int) -> None:
    """End the command with one line if nobody can listen there: the server itself would try for seconds first."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host} port {port}: {error.strerror or error}") from None
