"""Excel files as people hand them in, good and hostile."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

from xlsxwriter import Workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def table(*rows: Sequence[object]) -> bytes:
    """A workbook whose first sheet holds these rows; what begins with `==` is a formula, None leaves a cell out."""
    file = BytesIO()
    book = Workbook(file, _PLAIN)
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str) and value.startswith("=="):
                sheet.write_formula(place, column, value[1:], value=1)
            elif value is not None:
                sheet.write(place, column, value)
    book.close()
    return file.getvalue()


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same file with further parts."""
    return _made(content, lambda name, part: part, parts)


def changed(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The same file with something else in one of its parts."""
    return _made(content, lambda each, part: part.replace(old, new) if each == name else part, {})


def _made(content: bytes, change: Callable[[str, bytes], bytes], more: Mapping[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as given, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            made.writestr(name, change(name, given.read(name)))
        for name, part in more.items():
            made.writestr(name, part)
    return file.getvalue()
