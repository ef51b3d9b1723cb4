"""Word and PowerPoint files built from XML, with a marked word in every place that can hold text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": OFFICE,
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
        "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
        "x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    }.items()
)


@dataclass
class Marks:
    """Marked words: those that the reader has to find, and those that it must not."""

    shown: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def show(self) -> str:
        self.shown.append(f"shown{len(self.shown)}x")
        return self.shown[-1]

    def delete(self) -> str:
        self.deleted.append(f"deleted{len(self.deleted)}x")
        return self.deleted[-1]

    def check(self, text: str) -> None:
        assert [word for word in self.shown if text.count(word) != 1] == []
        assert [word for word in self.deleted if word in text] == []


def package(
    main: str, parts: Mapping[str, str], relations: Mapping[str, Mapping[str, tuple[str, str]]]
) -> bytes:
    """An archive.

    Args:
        main: The name of the main part.
        parts: Each part's XML without its namespaces.
        relations: For a part, the kind and target of each id; targets are names of parts.
    """
    content = io.BytesIO()
    every = {"": {"rId1": ("officeDocument", main)}, **relations}
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for part, targets in every.items():
            folder, _, file = part.rpartition("/")
            entries = "".join(
                f'<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="/{target}"/>'
                for id, (kind, target) in targets.items()
            )
            archive.writestr(
                f"{folder}/_rels/{file}.rels".lstrip("/"), f"<Relationships>{entries}</Relationships>"
            )
        for name, xml in parts.items():
            tag, rest = xml[1:].split(">", 1)
            archive.writestr(name, f"<{tag} {NAMESPACES}>{rest}")
    return content.getvalue()


def chart(marks: Marks) -> str:
    return f"""<c:chartSpace><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>{marks.show()}</a:t></a:r></a:p></c:rich>
    </c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:f>A1</c:f><c:strCache><c:pt idx="0">
    <c:v>{marks.show()}</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>
    {marks.show()}</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:pt idx="0"><c:v>1</c:v>
    </c:pt></c:numCache></c:numRef></c:val></c:ser></c:barChart><c:valAx><c:title><c:tx><c:rich><a:p><a:r><a:t>
    {marks.show()}</a:t></a:r></a:p></c:rich></c:tx></c:title></c:valAx></c:plotArea></c:chart></c:chartSpace>"""


def diagram(marks: Marks) -> str:
    points = "".join(
        f"<dgm:pt><dgm:t><a:p><a:r><a:t>{marks.show()}</a:t></a:r></a:p></dgm:t></dgm:pt>" for _ in range(2)
    )
    return f"<dgm:dataModel><dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>"
