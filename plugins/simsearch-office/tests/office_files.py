"""Small files of each format, made on the spot."""

import io
from collections.abc import Sequence
from typing import Any

AUTHOR = "Ada"


def pdf(pages: Sequence[str], title: str = "Report") -> bytes:
    """A PDF file with a page for each text of one line; an empty text is a page without any."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    objects.append(f"<< /Title ({title}) /Author ({AUTHOR}) /CreationDate (D:20240506070809Z) >>")
    for number, text in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {6 + 2 * number} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>"
        )
        drawing = f"BT /F 12 Tf 72 720 Td ({text}) Tj ET" if text else ""
        objects.append(f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream")
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = (
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(content)}\n%%EOF"
    )
    return content + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}\n".encode()


def encrypted_pdf(text: str, user_password: str) -> bytes:
    """With AES, as is usual now."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([text]))))
    writer.encrypt(user_password, "owner", algorithm="AES-256")
    return saved(writer.write)


def docx() -> bytes:
    """Headings, paragraphs and a table with a merged cell."""
    import docx

    word = docx.Document()
    word.core_properties.title, word.core_properties.author = "The handbook", AUTHOR
    word.add_heading("Leave", 1)
    word.add_paragraph("Everyone has thirty days.")
    word.add_heading("Special leave", 2)
    table = word.add_table(rows=0, cols=2)
    for cells in (("case", "days"), ("wedding", "2"), ("none", "none")):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    table.cell(2, 0).merge(table.cell(2, 1)).text = "see below"
    word.add_paragraph("Below it.")
    return saved(word.save)


def pptx() -> bytes:
    """Two slides, the second with a table and notes, and an empty one between them."""
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    deck.core_properties.author = AUTHOR
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = "Plans"
    first.placeholders[1].text = "More of everything"
    deck.slides.add_slide(deck.slide_layouts[6])
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Numbers"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for row, cells in enumerate((("year", "sales"), ("2024", "12"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    second.notes_slide.notes_text_frame.text = "Say this slowly."
    return saved(deck.save)


def xlsx() -> bytes:
    """A sheet of prices with a date and gaps, an empty one, and one of a single cell."""
    from datetime import date

    import openpyxl

    book = openpyxl.Workbook()
    book.properties.creator, book.properties.title = AUTHOR, "Price list"
    prices = book.active
    prices.title = "Prices"
    prices.append(["fruit", "price", "since"])
    prices.append(["apple", 1.5, date(2024, 5, 6)])
    prices.append([])
    prices.append(["pear", None, "now\nand then"])
    book.create_sheet("Empty")
    book.create_sheet("Notes")["C3"] = "alone"
    return saved(book.save)


def saved(save: Any) -> bytes:
    content = io.BytesIO()
    save(content)
    return content.getvalue()
