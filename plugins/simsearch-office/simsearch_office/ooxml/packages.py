"""The zip archive: its parts, and which part refers to which."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from simsearch import UnreadableFile
from simsearch_office.ooxml.elements import Element, attribute, children, parse, parse_parts

LARGEST = 500_000_000
"""Bytes of all parts, unpacked."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How encrypted files begin, and those from before 2007."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How one part refers to another.

    Args:
        kind: The last word of the relation's type: `header`, `image`.
        target: The name of the other part; an address if it is outside of the file.
        external: The other part is outside.
    """

    kind: str
    target: str
    external: bool


class Package:
    """An open archive; `notices` collects what can't be read of it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower().replace("\\", "/"): name for name in archive.namelist()}
        self._relations: dict[str, dict[str, Relation]] = {}
        self.notices: list[str] = []

    def content(self, name: str) -> bytes | None:
        """A part's content; None if there is no such part."""
        stored = self._names.get(name.lower())
        return self._archive.read(stored) if stored is not None else None

    def xml(self, name: str) -> Element | None:
        """A part's root element; None if it is missing. Damaged XML is read as far as possible, with a notice."""
        try:
            content = self.content(name)
        except (zipfile.BadZipFile, ValueError, EOFError, OSError):
            self.notice(f"{name} is damaged and was not read")
            return None
        if content is None:
            return None
        try:
            return parse(content)
        except ValueError:
            return self._repaired(name, content)

    def xml_parts(self, name: str, names: Iterable[str]) -> Iterator[Element]:
        """Elements of a large part one by one; where it is damaged, those before the damage, with a notice."""
        stored = self._names.get(name.lower())
        if stored is None:
            return
        try:
            with self._archive.open(stored) as stream:
                yield from parse_parts(stream, names)
        except (zipfile.BadZipFile, ValueError, EOFError, OSError):
            self.notice(f"{name} is damaged; some of it may be missing")

    def _repaired(self, name: str, content: bytes) -> Element | None:
        try:
            root = parse(content, repair=True)
        except ValueError:
            self.notice(f"{name} is damaged and was not read")
            return None
        self.notice(f"{name} is damaged; some of it may be missing")
        return root

    def main(self) -> str:
        """The name of the part that all others hang from.

        Raises:
            UnreadableFile: There is none.
        """
        found = [r.target for r in self.relations("").values() if r.kind == "officeDocument"]
        if not found or found[0].lower() not in self._names:
            raise UnreadableFile("no document in it")
        return found[0]

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part refers to, by the id it uses; the archive itself is the part without a name."""
        if part not in self._relations:
            folder, _, file = part.rpartition("/")
            root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
            self._relations[part] = {} if root is None else dict(_relations(root, folder))
        return self._relations[part]

    def related(self, part: str, *kinds: str) -> list[str]:
        """The parts inside the file that a part refers to in one of these ways, each once."""
        found = (r.target for r in self.relations(part).values() if r.kind in kinds and not r.external)
        return list(dict.fromkeys(found))

    def target(self, part: str, id: str | None) -> str:
        """The part that another refers to by an id; empty if there is none inside the file."""
        relation = self.relations(part).get(id or "")
        return relation.target if relation and not relation.external else ""

    def notice(self, sentence: str) -> None:
        """Report something that was not read, once."""
        if sentence not in self.notices:
            self.notices.append(sentence)


def _relations(root: Element, folder: str) -> Iterator[tuple[str, Relation]]:
    for element in children(root, "Relationship"):
        target = attribute(element, "Target") or ""
        external = attribute(element, "TargetMode") == "External"
        if not external:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        kind = (attribute(element, "Type") or "").rpartition("/")[2]
        yield attribute(element, "Id") or "", Relation(kind, target, external)


@contextmanager
def opened(content: bytes, kind: str) -> Iterator[Package]:
    """The package, if its archive is whole and unpacks within bounds; what goes wrong inside is a reason.

    Raises:
        UnreadableFile: It is broken, too large, or in another format.
    """
    with reasons(f"broken {kind} file"), archive(content) as file:
        yield Package(file)


@contextmanager
def archive(content: bytes) -> Iterator[zipfile.ZipFile]:
    """A zip archive that unpacks within bounds.

    Raises:
        UnreadableFile: It unpacks to too much.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        if sum(part.file_size for part in file.infolist()) > LARGEST:
            raise UnreadableFile(f"unpacks to more than {LARGEST / 1e6:g} MB")
        yield file


@contextmanager
def reasons(sentence: str) -> Iterator[None]:
    """Turn whatever a parser raises into one reason; keep what the worker itself explains.

    Raises:
        UnreadableFile: Something failed.
    """
    try:
        yield
    except (UnreadableFile, MemoryError, RecursionError, ImportError):
        raise
    except Exception as error:
        _refuse(sentence, error)


def _refuse(sentence: str, error: Exception) -> NoReturn:
    raise UnreadableFile(sentence) from error
