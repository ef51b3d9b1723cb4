"""Verifying the word index: every file by the checksum that tantivy put into it, then what it holds."""

from __future__ import annotations

import json
import sqlite3
import struct
import zlib
from pathlib import Path

from simsearch.home import Home
from simsearch.storage.database.generations import Generation
from simsearch.storage.words.upkeep import open_words
from simsearch.storage.words.word_files import META, files_of

_FOOTER_END = struct.Struct("<II")  # length of the footer's JSON, magic number
_MAGIC = 1337


def words_problem(connection: sqlite3.Connection, folder: Path, generation: Generation) -> str | None:
    """What is wrong with a generation's word index; one that is behind is fine: the next write catches up."""
    if not generation.words:
        return None
    path = Home(folder).words / generation.words
    try:
        damaged = [file.name for file in files_of(path) if not _intact(file)]
        if damaged:
            return f"{damaged[0]} of the word index is damaged"
        index = open_words(folder, generation.words)
    except (OSError, ValueError):
        return "the word index is missing or damaged"
    stamp, chunks = connection.execute(
        "SELECT words_stamp, (SELECT count(*) FROM chunks WHERE generation = g.id AND id <= words_last) "
        "+ (SELECT count(*) FROM tombstones WHERE generation = g.id AND chunk <= words_last) "
        "FROM generations g WHERE id = ?",
        (generation.id,),
    ).fetchone()
    in_line = json.loads((path / META).read_bytes())["opstamp"] == stamp
    if in_line and index.chunks() != chunks:
        return f"the word index holds {index.chunks()} chunks where the database has {chunks}"
    return None


def _intact(path: Path) -> bool:
    """Whether the CRC-32 in a file's footer is that of what stands before it."""
    content = path.read_bytes()
    if len(content) < _FOOTER_END.size:
        return False
    length, magic = _FOOTER_END.unpack(content[-_FOOTER_END.size :])
    end = len(content) - _FOOTER_END.size - length
    if magic != _MAGIC or end < 0:
        return False
    try:
        footer = json.loads(content[end : end + length])
    except ValueError:
        return False
    return bool(footer.get("crc") == zlib.crc32(content[:end]))
