"""Files at URLs, through fsspec."""

from __future__ import annotations

import errno
import io
import re
import stat
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from simsearch.errors import InputError
from simsearch.locations import Entry, OpenFile, State, Url
from simsearch.wording import one_line

AT_ONCE = 16
"""Requests that ask for the states of files at the same time, where a listing doesn't tell them."""

CONNECT_SECONDS = 10
READ_SECONDS = 60
"""How long an HTTP server may be silent."""

TIMES = ("LastModified", "last_modified", "Last-Modified", "updated", "mtime", "modified", "created")
TAGS = ("ETag", "etag", "Content-MD5", "content_md5", "md5Hash", "Digest")
"""What file systems call a file's time and the tag of its content."""

SECOND = 1_000_000_000
GONE = (404, 410)
HTTP = ("http", "https")


@dataclass(frozen=True, slots=True)
class UrlState:
    """The state of a file. Where it has a tag, a checksum of that takes the place of the nanoseconds of its time."""

    st_size: int
    st_mtime_ns: int
    st_mode: int = stat.S_IFREG


@dataclass(frozen=True, slots=True)
class UrlEntry:
    """What a listing names."""

    name: str
    state: UrlState | OSError | None
    """None of a folder."""

    def is_symlink(self) -> bool:
        return False

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        return self.state is None

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        return self.state is not None

    def stat(self, *, follow_symlinks: bool = True) -> State:
        if isinstance(self.state, UrlState):
            return self.state
        raise self.state or OSError(errno.EISDIR, "is a folder")


def open_url(url: Url) -> UrlFiles:
    """The files around a URL.

    Raises:
        InputError: No file system for it is installed, it names no folder, or it has a password.
    """
    parts = urlsplit(url.text)
    if parts.password is not None:
        raise InputError(
            f"The URL of {parts.hostname} has a password, which every result would show.",
            fix="Put it into the configuration of fsspec or of the file system instead.",
        )
    if not parts.netloc and not parts.path.strip("/"):
        raise InputError(f"{url} names no folder.")
    if "::" in url.text or parts.scheme in ("file", "local"):
        raise InputError(f"{url} is not read as a URL: give the path of the folder, or a URL without '::'.")
    try:
        from fsspec.core import url_to_fs

        # Listings that fsspec remembers would hide what has changed.
        system, _ = url_to_fs(url.text, use_listings_cache=False, **_options(parts.scheme))
    except ImportError as error:
        raise InputError(
            f"{url} needs a package that is not installed ({one_line(str(error))}).",
            fix="Run `pip install 'simsearch[urls]'`." if parts.scheme in HTTP else "",
        ) from error
    except ValueError as error:
        raise InputError(f"{url} can't be read: {one_line(str(error))}.") from error
    return UrlFiles(system, parts.scheme in HTTP)


def _options(scheme: str) -> dict[str, Any]:
    if scheme not in HTTP:
        return {}
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS)
    return {"client_kwargs": {"timeout": timeout}}


class UrlFiles:
    """Files of one of fsspec's file systems, by their URLs.

    Args:
        is_http: A listing is a page of links, which names files without their states.
    """

    def __init__(self, system: Any, is_http: bool) -> None:
        self._system = system
        self._is_http = is_http

    def is_folder(self, path: str) -> bool:
        about = self._info(path)
        return about["type"] == "directory" or self._leads_to_folder(path, about)

    def list(self, folder: str) -> Sequence[Entry]:
        with self._as_os_errors():
            found = self._system.ls(f"{folder}/" if self._is_http else folder, detail=True)
        own = self._system._strip_protocol(folder).rstrip("/")
        named = {name: about for about in found if (name := self._name_below(own, about["name"]))}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            states = pool.map(lambda name: self._try_stat(f"{folder}/{name}", named[name]), named)
            return list(map(UrlEntry, named, states))

    def stat(self, path: str) -> State:
        return _state(self._info(path))

    def open(self, path: str) -> tuple[OpenFile, State]:
        state = self.stat(path)
        with self._as_os_errors():
            return io.BytesIO(self._system.cat_file(path)), state

    def _name_below(self, folder: str, path: str) -> str:
        """The name of what lies in a folder; empty for a link that leads elsewhere, and for the folder itself."""
        inside = path.startswith(f"{folder}/")
        name = path[len(folder) + 1 :].rstrip("/") if inside else ""
        is_link_to_view = self._is_http and re.search(r"[?#]", name)
        return "" if "/" in name or name in (".", "..") or is_link_to_view else name

    def _try_stat(self, path: str, about: Mapping[str, Any]) -> UrlState | OSError | None:
        """The state of what a listing names, or why it is unknown; None of a folder."""
        if about["type"] == "directory":
            return None
        try:
            about = self._info(path) if self._is_http else about
            return None if self._leads_to_folder(path, about) else _state(about)
        except OSError as error:
            return error

    def _leads_to_folder(self, path: str, about: Mapping[str, Any]) -> bool:
        """A server leads from a folder's name to the same with a slash."""
        return self._is_http and urlsplit(str(about.get("url", path))).path[-1:] in ("", "/")

    def _info(self, path: str) -> Mapping[str, Any]:
        with self._as_os_errors():
            found: Mapping[str, Any] = self._system.info(path)
            return found

    @contextmanager
    def _as_os_errors(self) -> Iterator[None]:
        """What any file system raises, as an OSError whose `strerror` is one line."""
        try:
            yield
        except Exception as error:
            cause: BaseException = error
            if self._is_http and isinstance(error, FileNotFoundError):
                cause = error.__cause__ or error  # fsspec calls every failure of HTTP a missing file
            if isinstance(cause, FileNotFoundError) or getattr(cause, "status", None) in GONE:
                raise FileNotFoundError(errno.ENOENT, "it does not exist") from error
            raise OSError(errno.EIO, one_line(str(cause)).rstrip(".") or type(cause).__name__) from error


def _state(about: Mapping[str, Any]) -> UrlState:
    """What a listing says of a file.

    Raises:
        OSError: It doesn't tell the size, so that there would be no limit to what is read.
    """
    if about.get("size") is None:
        raise OSError(errno.EIO, "the server doesn't tell its size")
    time = next((about[name] for name in TIMES if about.get(name)), None)
    tag = next((about[name] for name in TAGS if about.get(name)), None)
    modified = _nanoseconds(time)
    if tag:
        modified += zlib.crc32(str(tag).encode()) % SECOND - modified % SECOND
    return UrlState(int(about["size"]), modified)


def _nanoseconds(time: object) -> int:
    """A time as any file system writes it, in nanoseconds since the epoch; 0 where it can't be read."""
    try:
        if isinstance(time, str):
            time = datetime.fromisoformat(time) if time[:4].isdecimal() else parsedate_to_datetime(time)
        return int((time.timestamp() if isinstance(time, datetime) else float(time)) * SECOND)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return 0
