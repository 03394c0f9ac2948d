"""The ledger in Excel: a row is as high as its longest cell needs, whatever program opens it."""

from __future__ import annotations

import re
from io import BytesIO
from tempfile import TemporaryFile
from zipfile import ZipFile

import pytest

from services.intake.api.workbook import workbook, write_workbook
from services.intake.domain.annex import HEADINGS


def _heights(content: bytes) -> list[float]:
    with ZipFile(BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    return [float(height) for height in re.findall(r'<row [^>]* ht="([0-9.]+)"', sheet)]


@pytest.mark.parametrize(
    ("said", "height"),
    [("不给办。" * 10, 45), ("一\n二\n\n四", 60), ("W" * 100, 45), ("不给办。" * 900, 408)],
)
def test_a_row_shows_what_was_said(said: str, height: float) -> None:
    row: dict[str, str | int] = dict.fromkeys(HEADINGS, "") | {"主要诉求": said}
    book = workbook([row])
    assert _heights(book) == [30, 30, height]
    with TemporaryFile() as file:
        write_workbook(file, [row], "王芳")
        file.seek(0)
        assert _heights(file.read()) == [30, 30, height]
