"""The messages between the two processes: lengths and bytes. Documents are JSON, which can't run code."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import IO, Any

from simsearch.types import Document, Heading, Mark

_LENGTH = struct.Struct(">Q")


def write_message(stream: IO[bytes], message: bytes) -> None:
    """Send one message.

    Raises:
        OSError: The other side is gone.
    """
    stream.write(_LENGTH.pack(len(message)))
    stream.write(message)
    stream.flush()


def read_message(stream: IO[bytes]) -> bytes | None:
    """The next message; None if the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    message = stream.read(length)
    return message if len(message) == length else None


def as_json(documents: Iterable[Document]) -> list[dict[str, Any]]:
    """Documents as JSON values."""
    return [
        {
            "text": document.text,
            "id": document.id,
            "title": document.title,
            "headings": [[heading.start, heading.level, heading.text] for heading in document.headings],
            "metadata": dict(document.metadata),
            "verbatim": document.verbatim,
            "marks": [[mark.start, mark.end, mark.kind, mark.target] for mark in document.marks],
            "notices": list(document.notices),
        }
        for document in documents
    ]


def as_documents(values: Iterable[dict[str, Any]]) -> list[Document]:
    """The inverse of as_json."""
    return [
        Document(
            **{
                **value,
                "headings": tuple(Heading(*heading) for heading in value["headings"]),
                "marks": tuple(Mark(*mark) for mark in value["marks"]),
                "notices": tuple(value["notices"]),
            }
        )
        for value in values
    ]
