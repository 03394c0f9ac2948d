"""The first sheet of an uploaded Excel file as rows of text. Nothing in it runs, and nothing is fetched for it."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import BytesIO
from posixpath import join, normpath

from lxml import etree

from shared.files.inside import fault_of, parts_of
from shared.files.kinds import kind_of
from shared.refusals import FieldFault, Invalid

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 24 * 1024 * 1024
MOST_ROWS = 2000
MOST_COLUMNS = 40
LONGEST_CELL = 2000
FORMULA = "单元格是公式，请改为文字或数值（复制后“选择性粘贴—数值”）。"
ERROR = "单元格是错误值，请改正。"
TOO_LONG = "单元格内容过长，请缩短。"
_OLD = b"\xd0\xcf\x11\xe0"
"""How files of old Excel begin, and those with a password."""
_BOOK = "xl/workbook.xml"
_STRINGS = "xl/sharedStrings.xml"
_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


@dataclass
class Row:
    """A row that is not empty: its number in the sheet, its cells by column (0 is A), and those that cannot be used."""

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)


def refusal(code: str, sentence: str) -> Invalid:
    """A file that is not taken, and why."""
    return Invalid(code, sentence, [FieldFault("file", sentence)])


def rows_of(content: bytes) -> list[Row]:
    """The rows of its first sheet that hold anything, in order. Raises `Invalid` for a file that is not taken."""
    parts = _parts(content)
    strings = _strings(parts)
    rows: list[Row] = []
    for row in _rows(_sheet(parts), strings):
        if row.cells or row.faults:
            rows.append(row)
        if len(rows) > MOST_ROWS + 1:
            raise refusal("too-many-rows", f"一次最多导入{MOST_ROWS}行，请分成几个文件。")
    return rows


def _parts(content: bytes) -> dict[str, bytes]:
    if len(content) > MOST_BYTES:
        raise refusal("file-too-big", "文件不能超过2MB，请分成几个文件。")
    if content.startswith(_OLD):
        raise refusal(
            "no-workbook", "这是旧格式（*.xls）或加了密码的文件，请另存为不加密码的“Excel 工作簿（*.xlsx）”。"
        )
    if kind_of(content, parts_of(content)) != "xlsx":
        raise refusal("no-workbook", "这不是 Excel 文件，请下载模板填写，保存为“*.xlsx”后上传。")
    if fault := fault_of(content, "xlsx"):
        raise refusal("not-plain", f"文件{fault}，没有导入；请另存为不带宏、不加密码的“*.xlsx”后上传。")
    with zipfile.ZipFile(BytesIO(content)) as package:
        # What an entry says of its size is what `read` gives at most.
        if sum(entry.file_size for entry in package.infolist()) > MOST_UNPACKED:
            raise refusal("file-too-big", "文件解压后过大，请只保留要导入的内容，或分成几个文件。")
        return {name: package.read(name) for name in package.namelist() if name.endswith((".xml", ".rels"))}


def _tree(parts: Mapping[str, bytes], name: str) -> etree._Element:
    part = parts.get(name)
    if part is None:
        raise refusal("no-workbook", "文件里没有工作表，请下载模板填写后上传。")
    try:
        return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise refusal("no-workbook", "文件已损坏，请用 Excel 或 WPS 打开后另存，再上传。") from error


def _sheet(parts: Mapping[str, bytes]) -> etree._Element:
    """The first sheet of the book."""
    sheet = next(_of(_tree(parts, _BOOK), "sheet"), None)
    wanted = None if sheet is None else next((str(v) for k, v in sheet.attrib.items() if str(k).endswith("}id")), None)
    for each in _of(_tree(parts, "xl/_rels/workbook.xml.rels"), "Relationship"):
        if each.get("Id") == wanted and each.get("TargetMode") != "External":
            target = each.get("Target") or ""
            return _tree(parts, target.lstrip("/") if target.startswith("/") else normpath(join("xl", target)))
    raise refusal("no-workbook", "文件里没有工作表，请下载模板填写后上传。")


def _strings(parts: Mapping[str, bytes]) -> list[str]:
    return [_text(each) for each in _of(_tree(parts, _STRINGS), "si")] if _STRINGS in parts else []


def _rows(sheet: etree._Element, strings: list[str]) -> Iterator[Row]:
    number = 0
    for each in _of(sheet, "row"):
        given = each.get("r") or ""
        number = int(given) if given.isdecimal() and len(given) <= 7 else number + 1
        row, column = Row(number), -1
        for cell in each:
            if _name(cell) == "c":
                place = _PLACE.fullmatch(cell.get("r") or "")
                column = _column(place[1]) if place else column + 1
                if column < MOST_COLUMNS:
                    _take(row, column, cell, strings)
        yield row


def _take(row: Row, column: int, cell: etree._Element, strings: list[str]) -> None:
    kind, held = cell.get("t") or "n", {_name(each): each for each in cell}
    if "f" in held:
        row.faults[column] = FORMULA
        return
    if kind == "e":
        row.faults[column] = ERROR
        return
    value = held["v"].text or "" if "v" in held else ""
    if kind == "s":
        value = strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
    elif kind == "inlineStr":
        value = _text(held["is"]) if "is" in held else ""
    elif kind == "n":
        value = _number(value)
    if len(value) > LONGEST_CELL:
        row.faults[column] = TOO_LONG
    elif value.strip():
        row.cells[column] = value.strip()


def _number(value: str) -> str:
    """A number as somebody has typed it: a phone is no 1.99E+10."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > 20:
        return value
    return str(int(number)) if number == number.to_integral_value() else str(number)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _of(tree: etree._Element, name: str) -> Iterator[etree._Element]:
    return (each for each in tree.iter() if _name(each) == name)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _text(element: etree._Element) -> str:
    """The text of a cell, whatever it is dressed in; without the reading aids of some programs."""
    return "".join(
        each.text or ""
        for each in element.iter()
        if _name(each) == "t" and _name(each.getparent() if each.getparent() is not None else each) != "rPh"
    )
