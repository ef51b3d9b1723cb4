"""Run the application: one process, or several that share an address."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from simsearch import InputError
from simsearch_serve.application import create_application
from simsearch_serve.connections import PatientProtocol
from simsearch_serve.options import ServeOptions

SECONDS_TO_FINISH = 4
"""Time that running requests have when the server is told to stop."""

SECONDS_TO_START = 60
"""A worker that doesn't react for so long is replaced; on a busy machine it may take that long to start."""

MOST_CONNECTIONS = 1000
METRICS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def run(options: ServeOptions, workers: int, say: Callable[[str], None]) -> None:
    """Answer until SIGTERM or Ctrl-C, then finish running requests.

    Args:
        say: Is told the address once the server listens.

    Raises:
        InputError: The address can't be used.
    """
    listening = _listen(options.host, options.port)
    say(f"Answering on {_url(listening)} (Ctrl-C stops)")
    if workers == 1:
        # Once it has stopped, uvicorn raises the signal again: that is no more reason to fail.
        signal.signal(signal.SIGTERM, lambda number, frame: None)
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(_configure(options, 1)).run([listening])
        return
    with tempfile.TemporaryDirectory(prefix="simsearch-metrics-") as metrics:
        os.environ[METRICS_VARIABLE] = metrics  # read by prometheus-client in each process
        Multiprocess(_configure(replace(options, metrics=Path(metrics)), workers), [listening]).run()


def _configure(options: ServeOptions, workers: int) -> uvicorn.Config:
    return uvicorn.Config(
        partial(_start, options),
        factory=True,
        workers=workers,
        http=partial(PatientProtocol, seconds=options.limits.seconds_to_send),  # type: ignore[arg-type]
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_worker_healthcheck=SECONDS_TO_START,
    )


def _start(options: ServeOptions) -> ASGIApp:
    """The application; a worker also ends when the process that started it has ended, even if that was killed."""
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    return create_application(options)


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    signal.raise_signal(signal.SIGTERM)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise InputError(
            f"{host} port {port} can't be used: {os.strerror(error.errno or 0)}. Another --port may be free."
        ) from error


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
