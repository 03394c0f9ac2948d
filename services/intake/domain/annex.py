"""Annex 3: the 17 columns of the ledger in its order and wording, and its three notes (mechanism §10)."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.names import Names
from services.intake.domain.row import Row
from services.intake.domain.words import CATEGORIES, FINALS, SATISFACTIONS, STATES, told_at, told_times

TITLE = "政务服务中心、便民服务中心“有诉即办”问题工作台账"
HEADINGS = (
    "序号",
    "姓名或单位名称",
    "单位联系人",
    "联系方式",
    "主要诉求",
    "诉求类别",
    "政务服务责任部门及牵头部门",
    "分办转办时间",
    "要求办理期限",
    "是否催办及时间",
    "是否督办及时间",
    "是否退回重办及时间",
    "实际办结时间",
    "办理情况",
    "回访时间",
    "办理结果满意度",
    "备注",
)
NOTES = (
    "1.“单位联系人”栏仅适用于反映人为单位的情形。",
    "2.仅涉及多个政务服务部门的需明确牵头部门。",
    "3.“备注”栏标明“是否超期及超期时间”等。",
)

Cells = dict[str, str | int]
"""A row as shown, by heading."""


@dataclass(frozen=True)
class Shown:
    """The petitioner as whoever looks may see it."""

    name: str
    contact_person: str
    contact: str


def cells(place: int, row: Row, petitioner: Shown, names: Names, late: int | None = None) -> Cells:
    """The 17 cells of a complaint; `place` is its 序号 in the ledger asked for.

    `late`: by how many working days it is overdue (0: less than one), as `domain.lateness` counts them; None: it is
    not, or nobody can count it.
    """
    values: tuple[str | int, ...] = (
        place,
        petitioner.name,
        petitioner.contact_person,
        petitioner.contact,
        row.content,
        CATEGORIES.get(row.category, row.category),
        _departments(row, names),
        told_times(row.sent_at),
        told_times(limit.due_at for limit in row.limits),
        _whether(row.urged_at),
        _whether(row.supervised_at),
        _again(row),
        _at(row.done_at),
        _situation(row),
        _at(row.followed_up_at),
        SATISFACTIONS[row.satisfaction] if row.satisfaction else "",
        "；".join(_remarks(row, names, late)),
    )
    return dict(zip(HEADINGS, values, strict=True))


def _departments(row: Row, names: Names) -> str:
    if row.lead:
        lead = names.party(row.lead)
        return f"牵头：{lead}；协办：{names.parties(row.co_handlers)}" if row.co_handlers else lead
    if row.unit:
        return f"{row.unit}（函转）"
    return names.department(row.helped_by) if row.helped_by else ""


def _at(instant: datetime | None) -> str:
    return told_at(instant) if instant else ""


def _whether(instants: list[datetime]) -> str:
    return f"是（{told_times(instants)}）" if instants else "否"


def _again(row: Row) -> str:
    if not row.again:
        return "否"
    each = (f"{told_at(again.at)} {'诉求人要求重办' if again.by_petitioner else '质检退回'}" for again in row.again)
    return f"是（{'；'.join(each)}）"


def _situation(row: Row) -> str:
    state = FINALS[row.final] if row.final else STATES[row.state]
    return f"{state}：{row.outcome}" if row.outcome else state


def _lateness(row: Row, late: int | None) -> str:
    if late is None:
        return "已超期" if row.overdue else "未超期"
    return f"超期{late}个工作日" if late else "超期不足1个工作日"


def _remarks(row: Row, names: Names, late: int | None) -> list[str]:
    told = [_lateness(row, late)]
    if len(row.shown_in) > 1:
        told.append(f"由{'、'.join(map(names.center, row.shown_in[:-1]))}转{names.center(row.shown_in[-1])}办理")
    if row.reported_at:
        told.append(f"已通报（{told_times(row.reported_at)}）")
    for limit in row.limits:
        if limit.extended_from:
            told.append(f"承诺期限由{told_at(limit.extended_from)}延至{told_at(limit.due_at)}")
        if limit.provisional:
            told.append(f"期限{told_at(limit.due_at)}为暂定")
    if row.missed_first_date:
        told.append("曾改派，超过首次告知的期限")
    if row.joined_to:
        told.append(f"与{row.joined_to}合并办理")
    if row.channel:
        told.append(f"已告知办理渠道：{row.channel}")
    if row.closing:
        told.append(f"结案理由：{row.closing}")
    return told
