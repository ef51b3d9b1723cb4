"""The answer to a client's first request, without the SDK: importing that takes longer than a client should wait.

The SDK gets the request too, when it is there, and its own answer to it is dropped. A test compares both.
"""

from __future__ import annotations

import json
from typing import Any

from simsearch import __version__

NAME = "simsearch"
TITLE = "simsearch"
INSTRUCTIONS = (
    "Searches the user's own documents, by meaning and by words. Begin with `search`; read more of a result with "
    "`get`, and find related documents with `similar`. Paths are those of the results. `status` says what is indexed."
)
VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
"""Of the protocol, oldest first, of those that begin with `initialize`."""


def answer_initialize(line: bytes) -> bytes | None:
    """The answer to a line that is a sound `initialize` request; None to any other line."""
    try:
        request = json.loads(line)
    except ValueError:
        return None
    if not _is_sound(request):
        return None
    wanted = request["params"]["protocolVersion"]
    result = {
        "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[-1],
        "capabilities": {"tools": {"listChanged": False}},
        "serverInfo": {"name": NAME, "title": TITLE, "version": __version__},
        "instructions": INSTRUCTIONS,
    }
    return json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}).encode() + b"\n"


def _is_sound(request: Any) -> bool:
    """Whether the SDK will surely accept a request as an `initialize`."""
    match request:
        case {
            "jsonrpc": "2.0",
            "id": int() | str() as number,
            "method": "initialize",
            "params": {
                "protocolVersion": str(),
                "capabilities": dict(capabilities),
                "clientInfo": {"name": str(), "version": str()},
            },
        }:
            return not isinstance(number, bool) and all(isinstance(c, dict) for c in capabilities.values())
        case _:
            return False
