"""Run the application: one process, or several that share an address."""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import partial

import uvicorn
from uvicorn.supervisors import Multiprocess

from simsearch import InputError
from simsearch_serve.application import create_application
from simsearch_serve.options import ServeOptions

SECONDS_TO_FINISH = 4
"""Time that running requests have when the server is told to stop."""


def run(options: ServeOptions, workers: int, say: Callable[[str], None]) -> None:
    """Answer until SIGTERM or Ctrl-C, then finish running requests.

    Args:
        say: Is told the address once the server listens.

    Raises:
        InputError: The address can't be used.
    """
    listening = _listen(options.host, options.port)
    config = uvicorn.Config(
        partial(create_application, options),
        factory=True,
        workers=workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    say(f"Answering on {_url(listening)} (Ctrl-C stops)")
    if workers == 1:
        uvicorn.Server(config).run([listening])
    else:
        Multiprocess(config, [listening]).run()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise InputError(
            f"{host} port {port} can't be used: {error.strerror}; another --port may be free."
        ) from error


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
