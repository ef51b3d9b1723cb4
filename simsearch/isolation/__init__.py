"""Readers in a process of their own, with limits on time and memory. A broken or hostile file can send a parser into an
endless loop, a crash, or all of the machine's memory.

    def read_pdf(path, content):            # at the top level of a module, so that the other process finds it
        yield Document(...)

    Component("pdf", "Pages of PDF files", lambda: in_worker(read_pdf), accepts=(".pdf",))
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from simsearch.errors import UnreadableFile
from simsearch.isolation.messages import as_documents, read_message, write_message
from simsearch.types import Document, Reader

SECONDS = 60.0
MEGABYTES = 1500


def in_worker(
    read: Callable[..., Iterable[Document]],
    arguments: Mapping[str, Any] | None = None,
    *,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
) -> Reader:
    """Make a reader that works in another process. It is started for the first file, and again after each file that it
    did not survive.

    Args:
        read: `(path, content, **arguments)` to documents; a function at the top level of a module. It gets only
            the name of the path.
        arguments: JSON values.
        seconds: Time limit for one file.
        megabytes: Memory limit of the process, if the system can limit it (Windows can't).

    Raises:
        ValueError: Another process can't find the function.
    """
    if read.__module__ == "__main__" or not read.__qualname__.isidentifier():
        raise ValueError(f"{read.__qualname__} of {read.__module__} is not at the top level of a module.")
    return _WorkerReader(
        {
            "module": read.__module__,
            "function": read.__qualname__,
            "arguments": dict(arguments or {}),
            "seconds": seconds,
            "megabytes": megabytes,
        }
    )


class _WorkerReader:
    """The reader on this side: sends one file at a time, and gets documents or a reason."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._order = order
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def __call__(self, path: Path, content: bytes) -> list[Document]:
        with self._turn:
            reply = self._ask(path.name, content)
        if "reason" in reply:
            raise UnreadableFile(reply["reason"])
        return as_documents(reply["documents"])

    def _ask(self, name: str, content: bytes) -> dict[str, Any]:
        process = self._process or self._start()
        late = threading.Event()
        timer = threading.Timer(self._order["seconds"], _kill, (process, late))
        timer.start()
        try:
            assert process.stdin and process.stdout
            write_message(process.stdin, name.encode("utf-8", "surrogateescape"))
            write_message(process.stdin, content)
            answer = read_message(process.stdout)
        except OSError:
            answer = None
        finally:
            timer.cancel()
        reply = json.loads(answer) if answer is not None else None
        if reply is None or reply.get("last"):
            _end(process)
            self._process = None
        if reply is None:
            why = f"takes longer than {self._order['seconds']:g} s" if late.is_set() else "crashed its parser"
            return {"reason": why}
        return dict(reply)

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            # -P: nothing is imported from the current folder.
            [sys.executable, "-P", "-m", "simsearch.isolation"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )
        weakref.finalize(self, _end, process)
        assert process.stdin
        with contextlib.suppress(OSError):
            write_message(process.stdin, json.dumps(self._order).encode())
        self._process = process
        return process


def _kill(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream:
            with contextlib.suppress(OSError):
                stream.close()
    process.wait()
