"""The ledger as an Excel file: annex 3 on A3 landscape, the same bytes for the same rows.

What a program is handed out has no watermark, so that a ledger as of a day is the same bytes whoever prints it again
(mechanism §10); what a person takes out says on every printed sheet who that was, and when.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from math import ceil
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from services.intake.domain.annex import HEADINGS, NOTES, TITLE, Cells
from shared.security.watermark import mark_sheet
from shared.workdays import CHINA

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "工作台账"
CREATED = datetime(2022, 9, 14, tzinfo=CHINA)
"""The day of the notice; fixed, so that the bytes depend on the rows alone."""
_A3, _A4 = 8, 9
_WIDTHS = (5, 14, 10, 15, 40, 9, 20, 17, 17, 20, 20, 22, 17, 36, 17, 10, 28)
_PADDING = 1
"""Of a column's width no words stand in this."""
_LINE, _HIGHEST = 15, 408
"""Points: of a line, and the most that Excel allows a row."""
_AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_ROW_BY_ROW = _AS_TEXT | {"in_memory": False, "constant_memory": True}


def workbook(rows: Iterable[Cells], mark: str | None = None) -> bytes:
    """Title, headings, rows and the three notes. Whatever a cell begins with, it is text."""
    file = BytesIO()
    _write(Workbook(file, _AS_TEXT), rows, mark)
    return file.getvalue()


def write_workbook(file: IO[bytes], rows: Iterable[Cells], mark: str) -> None:
    """The same into a file; however long it is, one row is held at a time."""
    _write(Workbook(file, _ROW_BY_ROW), rows, mark)


def _write(book: Workbook, rows: Iterable[Cells], mark: str | None) -> None:
    book.set_properties({"title": TITLE, "created": CREATED.replace(tzinfo=None)})
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    border = {"border": 1, "text_wrap": True, "valign": "vcenter"}
    heading = book.add_format({**border, "bold": True, "align": "center", "bg_color": "#EAF1FB"})
    cell = book.add_format(border)
    sheet = book.add_worksheet(SHEET)
    for above in (0, 1):
        sheet.set_row(above, 2 * _LINE)
    sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, TITLE, title)
    for column, (name, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, name, heading)
    place = 1
    for place, row in enumerate(rows, start=2):
        sheet.set_row(place, _height(row))
        for column, name in enumerate(HEADINGS):
            value = row[name]
            if isinstance(value, int):
                sheet.write_number(place, column, value, cell)
            else:
                sheet.write_string(place, column, value, cell)
    for below, note in enumerate(NOTES, start=place + 1):
        sheet.write_string(below, 0, f"注：{note}" if note is NOTES[0] else f"　　{note}")
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(1)
    _on_one_sheet_across(sheet, _A3)
    mark_sheet(sheet, mark)
    book.close()


def _height(row: Cells) -> float:
    """In points, for its longest cell to be seen whole: not every program counts the lines by itself."""
    lines = max(
        sum(ceil(_width(line) / (column - _PADDING)) or 1 for line in str(row[name]).split("\n"))
        for name, column in zip(HEADINGS, _WIDTHS, strict=True)
    )
    return min(lines * _LINE, _HIGHEST)


def _width(line: str) -> int:
    """In figures: a Han character, of three bytes, is as wide as two."""
    return (len(line) + len(line.encode())) // 2


def _on_one_sheet_across(sheet: Worksheet, paper: int) -> None:
    """All columns on one sheet, however many rows."""
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)


def tables_book(
    title: str, tables: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str | int]]]], mark: str | None = None
) -> bytes:
    """Tables, each a sheet of its name with headings and rows; whatever a cell begins with, it is text."""
    file = BytesIO()
    book = Workbook(file, _AS_TEXT)
    book.set_properties({"title": title, "created": CREATED.replace(tzinfo=None)})
    heading = book.add_format({"border": 1, "bold": True, "align": "center", "bg_color": "#EAF1FB"})
    cell = book.add_format({"border": 1})
    for name, headings, rows in tables:
        sheet = book.add_worksheet(name)
        sheet.set_column(0, len(headings) - 1, 16)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        _on_one_sheet_across(sheet, _A4)
        mark_sheet(sheet, mark)
        for place, row in enumerate([headings, *rows]):
            for column, value in enumerate(row):
                look = cell if place else heading
                if isinstance(value, int):
                    sheet.write_number(place, column, value, look)
                else:
                    sheet.write_string(place, column, value, look)
    book.close()
    return file.getvalue()
