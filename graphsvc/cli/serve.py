"""``graphsvc serve``: the API and the liaisons' pages."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import socket
import sys
from typing import Annotated

import structlog
import typer
import uvicorn

from graphsvc.api.jobs import environment_of
from graphsvc.casework.keys import first_key
from graphsvc.cli.console import styled
from graphsvc.cli.context import CONTEXT, told
from graphsvc.connect import account_key, open_store
from graphsvc.model.errors import BadInput
from graphsvc.settings import Settings

_FACTORY = "graphsvc.api.app:from_environment"


def register(app: typer.Typer) -> None:
    """Add the command ``serve``."""
    app.command("serve")(serve)


@told
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
) -> None:
    """Serve the API and the pages. In the local mode without a key yet, one is made and shown once."""
    serve_forever(CONTEXT.settings, host, port, workers)


def serve_forever(settings: Settings, host: str = "127.0.0.1", port: int = 8000, workers: int = 1) -> None:
    """Serve until stopped.

    Raises
    ------
    BadInput
        If the address or port cannot be used.
    StoreUnavailable
        If the store cannot be opened.
    """
    listening = _listen(host, port)
    try:
        account_key(settings)
        with open_store(settings, CONTEXT.progress) as store:
            issued = first_key(store) if settings.local else None
        address = f"http://{_written(host)}:{listening.getsockname()[1]}"
        if issued is not None:
            CONTEXT.err.print("Your API key, shown this once:")
            CONTEXT.err.print(f"  {issued.token}", soft_wrap=True)
        if not _loopback(host):
            CONTEXT.err.print(
                styled(
                    ("Warning:", "yellow"),
                    " this address can be reached from other machines, "
                    "and keys travel unencrypted. Put a proxy with TLS in front.",
                ),
                soft_wrap=True,
            )
        CONTEXT.err.print(
            f"Serving at {address}/  (API: {address}/openapi.json)  Stop with Ctrl+C.",
            soft_wrap=True,
        )
        os.environ.update(environment_of(settings))
        _log_as_json()
        uvicorn.run(
            _FACTORY,
            factory=True,
            fd=listening.fileno(),
            workers=workers,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=20,
        )
    finally:
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    """Take the port now, so that a busy one is told before anything is started."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise BadInput(
            f"'{host}' is not an address of this machine.", "Give `--host` an address such as 127.0.0.1."
        ) from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
        listening.set_inheritable(True)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise BadInput(
                f"Port {port} on {host} is in use.", "Give another `--port`, or 0 for a free one."
            ) from error
        raise BadInput(
            f"{host}:{port} cannot be listened on: {error.strerror}.", "Give another `--host` or `--port`."
        ) from error
    return listening


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _log_as_json() -> None:
    """Write logs as JSON lines to standard error, ours and uvicorn's warnings alike."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=logging.WARNING,
        stream=sys.stderr,
        format='{"level": "%(levelname)s", "event": "%(name)s: %(message)s"}',
    )
