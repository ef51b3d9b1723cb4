"""Connections on which nothing complete arrives are closed, so that half a request holds nothing for long."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEADER_BYTES = 65_536


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's own protocol; it alone would wait for the rest of a request's headers for ever, and keep any number
    of them.

    Args:
        seconds: Time from the first byte to the end of the headers.
    """

    def __init__(self, *given: Any, seconds: float, **named: Any) -> None:
        super().__init__(*given, **named)
        self._seconds = seconds
        self._received = 0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._received += len(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """The deadline runs, and bytes are counted, from the first byte on until the headers are complete."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_watching()
        elif self._received > MOST_HEADER_BYTES and not self.transport.is_closing():
            self.send_400_response("The headers are too large.")
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self._seconds, self.transport.close)

    def _stop_watching(self) -> None:
        self._received = 0
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
