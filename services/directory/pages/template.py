"""A kind of facts as a table in Excel: to be filled in, or with all there is, to be corrected and handed in again."""

from collections.abc import Iterator
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from services.directory.domain.facts import Facts
from services.directory.pages.fact import whole
from services.directory.pages.sheets import Sheet
from services.directory.pages.workbook import MOST_ROWS
from shared.security.watermark import mark_sheet

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HELP = "填写说明"
"""The second sheet: what each column wants, and what may stand in it."""
_AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CHOICES = 4
"""Where on the second sheet the choices begin."""


def template(sheet: Sheet, known: Facts, *, filled: bool, mark: str | None = None) -> bytes:
    """The table; whatever a cell begins with, it is text, so that a code keeps its zeros and a phone its digits.

    One that is filled in is a list taken out of the house, and has its watermark.
    """
    file = BytesIO()
    book = Workbook(file, _AS_TEXT)
    heading = book.add_format({"bold": True, "bg_color": "#EAF1FB", "border": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    page, notes = book.add_worksheet(sheet.title), book.add_worksheet(HELP)
    page.freeze_panes(1, 0)
    for column, field in enumerate(sheet.fields):
        page.set_column(column, column, 40 if field.half else 20, text)
        page.write_string(0, column, f"{field.label}{'*' if field.required else ''}", heading)
    for place, row in enumerate(_rows(sheet, known) if filled else (), start=1):
        for column, said in enumerate(row):
            page.write_string(place, column, said, text)
    _explain(page, notes, sheet, known, heading)
    mark_sheet(page, mark)
    book.close()
    return file.getvalue()


def _rows(sheet: Sheet, known: Facts) -> Iterator[list[str]]:
    for key, fact in sorted(known.get(sheet.kind, {}).items()):
        if fact["active"]:
            yield [sheet.shown(field, whole(key, fact), known) for field in sheet.fields]


def _explain(page: Worksheet, notes: Worksheet, sheet: Sheet, known: Facts, heading: Format) -> None:
    for column, (label, width) in enumerate((("列", 18), ("必填", 8), ("怎样填写", 70))):
        notes.set_column(column, column, width)
        notes.write_string(0, column, label, heading)
    for column, field in enumerate(sheet.fields):
        for place, said in enumerate((field.label, "是" if field.required else "", field.hint)):
            notes.write_string(column + 1, place, said)
        names = [name for _, name in field.choices(known)] if field.choices else []
        if not names:
            continue
        beside = _CHOICES + column
        notes.set_column(beside, beside, 32)
        notes.write_string(0, beside, f"{field.label}可以填", heading)
        for place, name in enumerate(names, start=1):
            notes.write_string(place, beside, name)
        source = f"='{HELP}'!{xl_range_abs(1, beside, len(names), beside)}"
        # A code may stand there as well, so that another value is only warned of.
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        page.data_validation(1, column, MOST_ROWS, column, rule)
