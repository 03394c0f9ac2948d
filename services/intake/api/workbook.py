"""The ledger as an Excel file: annex 3 on A3 landscape, the same bytes for the same rows.

What a program is handed out has no watermark, so that a ledger as of a day is the same bytes whoever prints it again
(mechanism §10); what a person takes out says on every printed sheet who that was, and when.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import IO

from xlsxwriter import Workbook

from services.intake.domain.annex import HEADINGS, NOTES, TITLE, Cells
from shared.security.watermark import mark_sheet
from shared.workdays import CHINA

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "工作台账"
CREATED = datetime(2022, 9, 14, tzinfo=CHINA)
"""The day of the notice; fixed, so that the bytes depend on the rows alone."""
_A3 = 8
_WIDTHS = (5, 14, 10, 15, 40, 9, 20, 17, 17, 20, 20, 22, 17, 36, 17, 10, 28)
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
    sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, TITLE, title)
    for column, (name, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, name, heading)
    place = 1
    for place, row in enumerate(rows, start=2):
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
    sheet.set_landscape()
    sheet.set_paper(_A3)
    sheet.fit_to_pages(1, 0)
    mark_sheet(sheet, mark)
    book.close()


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
