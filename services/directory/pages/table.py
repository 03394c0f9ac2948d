"""A table of facts as somebody has filled it in: every row as the fact it is, or what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from services.directory.domain.facts import Facts
from services.directory.pages.sheets import Field, Sheet
from services.directory.pages.workbook import MOST_ROWS, Row, refusal
from services.directory.usecases.importing import Line, LineFault
from shared.refusals import FieldFault, Invalid
from shared.web.messages import faults_of

_MOST_NAMED = 15
"""How many choices a sentence can list."""


@dataclass
class Table:
    """What was read in a table."""

    lines: list[Line] = field(default_factory=list)
    faults: list[LineFault] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)
    """The fields for which it has no column."""
    typed: dict[tuple[int, str], str] = field(default_factory=dict)
    """What stands in a row under a field."""


def read(sheet: Sheet, rows: Sequence[Row], known: Facts) -> Table:
    """Every row as a fact, or what is wrong with it. Raises `Invalid` for a table without the right headings."""
    if not rows:
        raise refusal("no-rows", "表格是空的，请从第二行起逐行填写。")
    columns = _columns(sheet, rows[0])
    table = Table(absent={each.name for each in sheet.fields} - {each.name for each in columns.values()})
    if len(rows) == 1:
        raise refusal("no-rows", "表格里只有表头，请从第二行起逐行填写。")
    if len(rows) > MOST_ROWS + 1:
        raise refusal("too-many-rows", f"一次最多导入{MOST_ROWS}行，请分成几个文件。")
    called = {each.name: _Called(each.choices(known), known) for each in sheet.fields if each.choices}
    for row in rows[1:]:
        _take(table, sheet, row, columns, called)
    return table


def _columns(sheet: Sheet, head: Row) -> dict[int, Field]:
    labels = {each.label: each for each in sheet.fields}
    found, unknown = dict[int, Field](), list[str]()
    for column, text in head.cells.items():
        label = text.strip("*＊ \n")
        if label in labels:
            found[column] = labels.pop(label)
        else:
            unknown.append(label)
    missing = [label for label, each in labels.items() if each.required]
    said = [f"缺少“{label}”列。" for label in missing] + [f"不认识“{label[:20]}”列，请删去。" for label in unknown]
    if said:
        faults = [FieldFault("file", each) for each in said]
        raise Invalid("wrong-headings", f"第{head.number}行应是模板的表头，请下载模板填写。", faults)
    return found


def _take(table: Table, sheet: Sheet, row: Row, columns: Mapping[int, Field], called: Mapping[str, "_Called"]) -> None:
    given, faults = dict[str, Any](), dict[str, str]()
    for column, each in columns.items():
        text = row.cells.get(column, "")
        table.typed[row.number, each.name] = text or ("…" if column in row.faults else "")
        if column in row.faults:
            faults[each.name] = row.faults[column]
        elif text and each.name in called:
            code, fault = called[each.name].found(text, given.get("center"))
            given[each.name] = code
            if fault:
                faults[each.name] = fault
        elif text:
            given[each.name] = text
    if extra := [column for column in row.cells | row.faults if column not in columns]:
        faults[""] = f"第{extra[0] + 1}列没有表头，请删去其中的内容。"
    try:
        read: Any = sheet.body.model_validate({"kind": sheet.kind, **given})
    except ValidationError as error:
        for found in faults_of(error.errors()):
            faults.setdefault(found.field, found.message)
    if faults:
        table.faults += [LineFault(row.number, name, message) for name, message in faults.items()]
    else:
        table.lines.append(Line(row.number, read.key, read.facts()))


class _Called:
    """The choices of a field, by their codes and by their names."""

    def __init__(self, choices: Sequence[tuple[str, str]], known: Facts) -> None:
        self._choices = choices
        self._codes = {code for code, _ in choices}
        self._by_name: dict[str, list[str]] = {}
        for code, name in choices:
            short = known.get("department", {}).get(code, {}).get("short_name", name)
            for each in {name, short, code.rpartition("/")[2]}:
                self._by_name.setdefault(each, []).append(code)

    def found(self, text: str, center: str | None) -> tuple[str, str]:
        """The code meant, and what is wrong with it; what belongs to the row's own center comes first."""
        if text in self._codes:
            return text, ""
        meant = self._by_name.get(text, [])
        own = [code for code in meant if center and code.startswith(f"{center}/")]
        if len(own or meant) == 1:
            return (own or meant)[0], ""
        if meant:
            return text, f"叫“{text}”的不止一个，请填写代码。"
        names = [name for _, name in self._choices]
        if len(names) <= _MOST_NAMED:
            return text, f"没有“{text}”，可以填：{'、'.join(names)}。"
        return text, f"目录中没有“{text}”，请填写代码或全称，或先新增它。"
