"""The monthly report as it is drawn and printed: sentences, bars and tables; the same figures give the same bytes."""

from datetime import datetime, time

from services.intake.api.workbook import tables_book
from services.intake.domain.monthly import Line
from services.intake.domain.quarterly import sentences
from services.intake.domain.tally import Rate
from services.intake.domain.words import COURTS, TRIAGES, told_until
from services.intake.usecases.figures import Report as Figures
from shared.papers.forms import REPORT
from shared.papers.kinds import Kind
from shared.papers.letter import day
from shared.papers.printing import Sheets
from shared.papers.report import Bar, Chart, Report, Section, Table
from shared.workdays import CHINA

_RATES = {"response": "响应率", "on_time": "按时率", "solution": "解决率", "satisfaction": "满意率"}
_HEADINGS = ("名称", "受理", "分办", "办结", *_RATES.values(), "超期", "督办", "通报", "退回重办")
_OF_DEPARTMENTS = tuple(heading for heading in _HEADINGS if heading != "受理")
"""Nobody registers at a department."""
_PREVIEW, _RUNNING = "（仅供预览，未编号）", "（本月尚未结束，仅供预览，未编号）"
_NOTES = (
    "1.响应率：首次答复期限已到的诉求中按期答复的；按时率：已到期的各阶段中按期作出有效答复的。",
    "2.解决率、满意率：以回访为准，未联系上的不计入；各率均附件数和样本数。",
    "3.办理用时按本中心办公时间计算，分摊到当时的责任方。",
)


def monthly_report(found: Figures, office: str) -> Report:
    """The report without a number, which it says; dated the day as of which it is, and saying up to when it knows."""
    first = found.days.first
    return Report(
        office,
        "“有诉即办”月度分析报告",
        f"{first.year}年{first.month}月",
        day(found.until),
        (_whole(found), _lines("二、各中心情况", found.centers), _departments(found.departments)),
        (*_NOTES, f"4.数据截至{told_until(found.until)}。"),
        _PREVIEW if found.is_over else _RUNNING,
    )


def preview_sheets(found: Figures, office: str, mark: str | None = None) -> Sheets:
    """The same as it is laid out, with the watermark of a person who takes it out."""
    report = monthly_report(found, office)
    at = datetime.combine(found.until.date(), time(), CHINA)
    return Sheets(Kind.MONTHLY, REPORT, (report.values(),), at, name=f"{found.days.first:%Y%m}", mark=mark)


def _whole(found: Figures) -> Section:
    now = found.now
    rates = [_bar(name, getattr(now.rates, field)) for field, name in _RATES.items()]
    sorted_as = [Bar(TRIAGES[triage], n, f"{n}件") for triage in TRIAGES if (n := now.by_triage.get(triage, 0))]
    hours = {court: held.working / 3600 for court, held in now.handling.courts.items()}
    courts = [Bar(COURTS[court], spent, f"{spent:.1f}小时") for court, spent in hours.items()]
    charts = (
        Chart("响应率、按时率、解决率、满意率", tuple(rates), 100),
        Chart("研判分类", tuple(sorted_as)),
        Chart("办结事项的办公用时，按当时的责任方", tuple(courts)),
    )
    return Section("一、总体情况", tuple(sentences(now, found.before, "本月", "上月")), charts)


def _departments(lines: list[Line]) -> Section:
    ranked = sorted((line for line in lines if line.rank), key=lambda line: (line.rank or 0, line.code))
    bars = tuple(_bar(f"{line.rank}. {line.name}", line.now.rates.on_time) for line in ranked)
    section = _lines("三、各部门情况", lines, _OF_DEPARTMENTS)
    return Section(section.heading, (), (Chart("部门排名：按时率，其次满意率、通报次数", bars, 100),), section.tables)


def _lines(heading: str, lines: list[Line], headings: tuple[str, ...] = _HEADINGS) -> Section:
    rows = (_row(line, headings) for line in lines)
    shown = tuple(tuple(_stacked(each) if isinstance(each, Rate) else str(each) for each in row) for row in rows)
    return Section(heading, tables=(Table("本月", headings, shown),))


def _row(line: Line, headings: tuple[str, ...]) -> list[str | int | Rate]:
    month = line.now
    counts = (month.registered, month.dispatched, month.closed)
    rates = (getattr(month.rates, field) for field in _RATES)
    again = month.returned + month.redone + month.reopened
    ends = (month.overdue, month.rungs.supervised + month.rungs.supervised_by_hand, month.rungs.reported, again)
    told = dict(zip(_HEADINGS, (line.name, *counts, *rates, *ends), strict=True))
    return [told[heading] for heading in headings]


def _bar(label: str, rate: Rate) -> Bar:
    return Bar(label, rate.percent or 0, _shown(rate))


def _shown(rate: Rate) -> str:
    return "—" if rate.percent is None else f"{rate.percent}%（{rate.hits}/{rate.sample}）"


def _stacked(rate: Rate) -> str:
    """The same in a narrow column."""
    return "—" if rate.percent is None else f"{rate.percent}%\n{rate.hits}/{rate.sample}"


def monthly_book(found: Figures, mark: str | None = None) -> bytes:
    """The same tables as an Excel file."""
    tables = [
        (name, headings, [_told(_row(line, headings)) for line in lines])
        for name, headings, lines in (
            ("各中心", _HEADINGS, found.centers),
            ("各部门", _OF_DEPARTMENTS, found.departments),
        )
    ]
    return tables_book("“有诉即办”月度分析报告", tables, mark)


def _told(row: list[str | int | Rate]) -> list[str | int]:
    return [_shown(each) if isinstance(each, Rate) else each for each in row]
