"""A client that speaks the protocol itself, and sees every line."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PATIENCE = 120
"""Seconds, on a machine that does much else; only a process that hangs takes as long."""

HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "me", "version": "1"}}


class RawClient:
    """A running `simsearch mcp`.

    Args:
        log: Where stderr goes.
        variables: Of its environment.
    """

    def __init__(self, folder: Path, *options: str, log: int = subprocess.PIPE, **variables: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simsearch", "mcp", *options],
            cwd=folder,
            env={**os.environ, "HF_HUB_OFFLINE": "1", **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        self._last = 0

    def send(self, line: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def request(self, method: str, **parameters: Any) -> int:
        self._last += 1
        message = {"jsonrpc": "2.0", "id": self._last, "method": method, "params": parameters}
        self.send(json.dumps(message).encode())
        return self._last

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def ask(self, method: str, **parameters: Any) -> Any:
        number = self.request(method, **parameters)
        answer = self.answer()
        assert answer["id"] == number
        return answer["result"]

    def hello(self) -> None:
        self.ask("initialize", **HELLO)
        self.send(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}')

    def call(self, tool: str, **arguments: Any) -> Any:
        return self.ask("tools/call", name=tool, arguments=arguments)

    def finish(self) -> tuple[int, bytes, str]:
        """Its status, what else it sent, and what it said to people, after stdin is closed."""
        out, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, (said or b"").decode()

    def stop(self) -> None:
        """End it, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
