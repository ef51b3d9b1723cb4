"""Run the application: one process, or several that share an address."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

import uvicorn
from prometheus_client.multiprocess import mark_process_dead

from simsearch import InputError, SimsearchError
from simsearch_serve.application import create_application
from simsearch_serve.connections import PatientProtocol
from simsearch_serve.options import ServeOptions
from simsearch_serve.workers import Workers

SECONDS_TO_FINISH = 4
"""Time that running requests have when the server is told to stop."""

SECONDS_TO_END = 4.8
"""Time after which a worker is killed that has not ended by then."""

MOST_CONNECTIONS = 1000
METRICS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def run(options: ServeOptions, workers: int, say: Callable[[str], None]) -> None:
    """Answer until SIGTERM or Ctrl-C, then finish running requests.

    Args:
        say: Is told the address once the server listens.

    Raises:
        InputError: The address can't be used.
    """
    listening = listen(options.host, options.port)
    # A signal may come before there is a handler for it, and once it has stopped, uvicorn raises it again.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        say(f"Answering on {_url(listening)} (Ctrl-C stops)")
        if workers == 1:
            _serve(options, listening)
        else:
            _share(options, listening, workers, say)


def _share(options: ServeOptions, listening: socket.socket, workers: int, say: Callable[[str], None]) -> None:
    with tempfile.TemporaryDirectory(prefix="simsearch-metrics-") as metrics:
        os.environ[METRICS_VARIABLE] = metrics  # read by prometheus-client in each process
        work = partial(_work, replace(options, metrics=Path(metrics)), listening)
        Workers(workers, work, say, partial(mark_process_dead, path=metrics)).run(SECONDS_TO_END)


def _work(options: ServeOptions, listening: socket.socket) -> None:
    """What a worker does. It also ends when the process that started it has ended, even if that was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    try:
        _serve(options, listening)
    except SimsearchError as error:
        sys.exit(f"A worker can't start: {error}")


def _serve(options: ServeOptions, listening: socket.socket) -> None:
    config = uvicorn.Config(
        create_application(options),
        http=partial(PatientProtocol, seconds=options.limits.seconds_to_send),  # type: ignore[arg-type]
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
        limit_concurrency=MOST_CONNECTIONS,
    )
    uvicorn.Server(config).run([listening])


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    signal.raise_signal(signal.SIGTERM)


def listen(host: str, port: int) -> socket.socket:
    """A socket whose connections send at once.

    asyncio turns off Nagle's algorithm (TCP_NODELAY) only where a socket names its protocol, which those of
    `create_server` don't; with it, the end of an answer waits 40 ms for the client's acknowledgement of its beginning.

    Raises:
        InputError: The address can't be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        made = socket.create_server((host, port), family=family, backlog=2048)
        return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, made.detach())
    except OSError as error:
        raise InputError(
            f"{host} port {port} can't be used: {os.strerror(error.errno or 0)}. Another --port may be free."
        ) from error


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
