"""An HTTP server that lists the files of a folder, as `python -m http.server` does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class FileServer:
    """A running server.

    Args:
        url: Of its folder, such as http://127.0.0.1:8756.
        requests: Each request so far, such as "GET /docs/a.md".
        failing: Paths that are answered with 503.
        tags: The ETag of a path.
        sizeless: Paths whose size isn't told.
    """

    url: str = ""
    requests: list[str] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    tags: dict[str, str] = field(default_factory=dict)
    sizeless: set[str] = field(default_factory=set)


class Handler(SimpleHTTPRequestHandler):
    """Answers as the server is told to."""

    def __init__(self, about: FileServer, *given: Any, **named: Any) -> None:
        self._about = about
        super().__init__(*given, **named)

    def send_head(self) -> Any:
        self._about.requests.append(f"{self.command} {self.path}")
        if self.path in self._about.failing:
            return self.send_error(503)
        return super().send_head()

    def send_header(self, keyword: str, value: str) -> None:
        if not (keyword == "Content-Length" and self.path in self._about.sizeless):
            super().send_header(keyword, value)

    def end_headers(self) -> None:
        if tag := self._about.tags.get(self.path):
            self.send_header("ETag", tag)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Tests look at `requests`."""


@contextmanager
def serve_files(folder: Path) -> Iterator[FileServer]:
    """Serve a folder at a free port."""
    about = FileServer()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, about, directory=str(folder))) as server:
        about.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield about
        finally:
            server.shutdown()
            thread.join()
