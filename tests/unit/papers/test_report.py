"""A report with figures is drawn to scale, and its words stay words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from importlib import resources

from shared.papers.pdf import pdf
from shared.papers.report import Bar, Chart, Report, Section, Table
from shared.workdays import CHINA
from tests.support.papers import drawn_widths, pdf_cells, pdf_text

LAYOUT = resources.files("shared.papers") / "templates" / "report.typ"
DATED = datetime(2026, 12, 1, tzinfo=CHINA)


def _report(*bars: Bar, full: float | None = None) -> Report:
    table = Table("各部门", ("部门", "按时率"), (("#eval(1)", "$x$"),))
    section = Section("一、总体情况", ("本月*受理*48件。",), (Chart("受理量", bars, full),), (table,))
    return Report("沈丘县政务服务中心", "月度分析报告", "2026年11月", "2026年12月1日", (section,), ("注：附样本数。",))


async def _drawn(report: Report) -> bytes:
    return await pdf(LAYOUT, {"papers": [report.values()]}, DATED)


async def test_it_says_what_it_was_given_and_no_markup_is_obeyed() -> None:
    content = await _drawn(_report(Bar("窗口", 20, "20件")))
    text = "".join(pdf_text(content))
    for words in (
        "月度分析报告",
        "沈丘县政务服务中心2026年11月",
        "本月*受理*48件。",
        "窗口20件",
        "注：附样本数。",
        "2026年12月1日",
    ):
        assert words in text
    assert pdf_cells(content) == [[["部门", "按时率"], ["#eval(1)", "$x$"]]]


async def test_bars_are_as_long_as_their_values() -> None:
    longest, half = drawn_widths(await _drawn(_report(Bar("甲", 20, "20"), Bar("乙", 10, "10"), Bar("丙", 0, "0"))))
    assert abs(half / longest - 0.5) < 0.01


async def test_a_rate_is_drawn_against_a_hundred() -> None:
    whole, part = drawn_widths(await _drawn(_report(Bar("甲", 100, "100%"), Bar("乙", 25, "25%"), full=100)))
    assert abs(part / whole - 0.25) < 0.01


async def test_nothing_to_draw_is_drawn_as_nothing() -> None:
    assert drawn_widths(await _drawn(_report(Bar("甲", 0, "—")))) == []


async def test_a_table_of_many_columns_keeps_each_figure_in_its_own() -> None:
    headings = (
        "名称",
        "受理",
        "分办",
        "办结",
        "响应率",
        "按时率",
        "解决率",
        "满意率",
        "超期",
        "督办",
        "通报",
        "退回重办",
    )
    rows = (("沈丘县政务服务中心", *["1280"] * 3, *["100.0%\n1280/1280"] * 4, *["1280"] * 4),)
    section = Section("一、总体情况", tables=(Table("本月", headings, rows), Table("上月", headings, ())))
    content = await _drawn(replace(_report(), sections=(section,)))
    [[first, figures]] = pdf_cells(content)
    assert (first, figures) == ([*headings], [cell.replace("\n", "") for cell in rows[0]])
    assert "（无）" in "".join(pdf_text(content)), "a month in which nothing happened says so"


async def test_the_same_report_is_the_same_bytes() -> None:
    report = _report(Bar("甲", 1, "1件"))
    assert await _drawn(report) == await _drawn(report)
