"""What stands on a printed paper: the cells of its tables, and its running text."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pdfplumber
from docx import Document

Cells = list[list[str]]


def pdf_cells(content: bytes) -> list[Cells]:
    """The rows of each page's first table, without the line breaks a narrow cell makes; of each cell what it holds."""
    with pdfplumber.open(BytesIO(content)) as pdf:
        tables = [page.extract_table() for page in pdf.pages]
    return [[[_joined(cell) for cell in row if cell is not None] for row in table] for table in tables if table]


def pdf_text(content: bytes) -> list[str]:
    """The text of each page, without line breaks and spaces, and without the mark behind it."""
    with pdfplumber.open(BytesIO(content)) as pdf:
        upright = [page.filter(lambda each: not _slants(each)) for page in pdf.pages]
        return ["".join((page.extract_text() or "").split()) for page in upright]


def pdf_marks(content: bytes) -> list[str]:
    """What stands slantingly behind the words of each page."""
    with pdfplumber.open(BytesIO(content)) as pdf:
        return ["".join(char["text"] for char in page.chars if _slants(char)) for page in pdf.pages]


def _slants(each: dict[str, Any]) -> bool:
    return each["object_type"] == "char" and bool(each["matrix"][1])


def word_cells(content: bytes) -> list[Cells]:
    """The rows of each table; a cell that spans several columns stands once."""
    tables = Document(BytesIO(content)).tables
    return [[[each.text for each in dict.fromkeys(row.cells)] for row in table.rows] for table in tables]


def word_text(content: bytes) -> str:
    """All paragraphs outside of tables."""
    return "\n".join(paragraph.text for paragraph in Document(BytesIO(content)).paragraphs)


def _joined(cell: str) -> str:
    return "".join(cell.split("\n"))


def drawn_widths(content: bytes) -> list[float]:
    """How wide the bars of a chart are, from top to bottom; one of nothing is not there, nor is the axis a bar."""
    with pdfplumber.open(BytesIO(content)) as pdf:
        bars = [
            bar for page in pdf.pages for bar in page.rects if bar["fill"] and bar["height"] > 5 and bar["width"] > 1
        ]
    return [round(float(bar["width"]), 2) for bar in bars]
