"""The other process: reads files from stdin and answers on stdout until stdin is closed."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from simsearch.errors import UnreadableFile
from simsearch.isolation.limits import limit_memory, limit_time
from simsearch.isolation.messages import as_json, read_message, write_message
from simsearch.types import Document

MOST_TEXT = 100_000_000
"""Maximum number of characters in the documents of one file."""


def main() -> None:
    """Serve one reader."""
    questions, answers = sys.stdin.buffer, _private_stdout()
    order = json.loads(read_message(questions) or b"null")
    if order is None:
        return
    limit_memory(order["megabytes"])
    for name, content in _files(questions):
        limit_time(order["seconds"])
        reply = answer(order, name, content)
        write_message(answers, json.dumps(reply).encode())
        if reply.get("last"):
            return


def answer(order: dict[str, Any], name: str, content: bytes) -> dict[str, Any]:
    """The documents of a file, or the reason why there are none; `last` if this process must end."""
    try:
        read: Callable[..., Iterable[Document]] = getattr(
            importlib.import_module(order["module"]), order["function"]
        )
        documents = read(Path(name), content, **order["arguments"])
        return {"documents": as_json(_limit(documents))}
    except UnreadableFile as error:
        return {"reason": str(error)}
    except MemoryError:
        return {"reason": f"needs more than {order['megabytes']} MB to read", "last": True}
    except RecursionError:
        return {"reason": "nested too deeply", "last": True}
    except ImportError as error:
        return {"reason": f"a package that its reader needs is missing: {error}", "last": True}
    except Exception as error:
        return {"reason": f"broken: {type(error).__name__}"}


def _files(questions: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    while (name := read_message(questions)) is not None:
        content = read_message(questions)
        if content is None:
            return
        yield name.decode("utf-8", "surrogateescape"), content


def _limit(documents: Iterable[Document]) -> Iterator[Document]:
    left = MOST_TEXT
    for document in documents:
        left -= len(document.text)
        if left < 0:
            raise UnreadableFile(f"holds more than {MOST_TEXT / 1e6:g} MB of text")
        yield document


def _private_stdout() -> IO[bytes]:
    """The real stdout, for answers only; what parsers print goes to stderr."""
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return own


if __name__ == "__main__":
    main()
