"""What annex 3 must say of a complaint, column by column: by what the parties sent, and by the rules.

The parties cannot know everything that stands there; in its place is taken:

- 姓名, 单位联系人, 联系方式: what of those that were sent an auditor is shown;
- of 分办转办, 催办, 督办, 退回重办, 办结, 回访 and 通报 the instant that dispatch has kept: the house alone knows it,
  and the ledger, which is intake's, has it from what dispatch announced. That what a party did is dated after it was
  sent and before it was acknowledged is judged of every deed (`Court`), and which rungs there must be by `oracle`;
- 序号 tells of the rows around it, not of the complaint: see `projection.misplaced`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from deploy.county import load_county
from shared.workdays import CHINA
from tests.chaos import oracle
from tests.chaos.evidence import Evidence, Row
from tests.chaos.oracle import Ladder
from tests.chaos.petitioners import CATEGORIES, mark_of, petition_of
from tests.chaos.plans import COURT, UNIT, Plan

Cells = dict[str, str | int]
PLACE = "序号"
DEPARTMENTS = {each.code: each.short_name for each in load_county().departments if each.center == "sq"}
FINALS = {
    "zeroed": "已清零销号",
    "concluded_unsatisfied": "不满意结案",
    "referred_closed": "函转办结",
    "directed": "已告知办理渠道，办结",
}


def taken_in(name: str) -> Cells:
    """All cells but its place of a complaint with which nothing has been done yet."""
    petition = petition_of(name)
    return {
        "姓名或单位名称": petition.person.shown,
        "单位联系人": petition.person.contact_person_shown,
        "联系方式": petition.phone_shown,
        "主要诉求": petition.content,
        "诉求类别": CATEGORIES[petition.category],
        "政务服务责任部门及牵头部门": "",
        "分办转办时间": "",
        "要求办理期限": "",
        "是否催办及时间": "否",
        "是否督办及时间": "否",
        "是否退回重办及时间": "否",
        "实际办结时间": "",
        "办理情况": "已受理，待研判",
        "回访时间": "",
        "办理结果满意度": "",
        "备注": "未超期",
    }


def ended(plan: Plan, kept: Evidence, complaint_id: str, ladders: Sequence[Ladder]) -> Cells:
    """The same of a loop that has ended, with these ladders of its legs."""
    rungs = {rung: _times(_at(kept, "rungs", complaint_id, rung=rung)) for rung in ("urged", "supervised", "reported")}
    follow_ups = kept.of("follow_ups", complaint_id)
    return taken_in(plan.loop) | {
        "政务服务责任部门及牵头部门": _departments(plan),
        "分办转办时间": _times(_sent_at(plan, kept, complaint_id)),
        "要求办理期限": _times(ladder.due_at for ladder in ladders),
        "是否催办及时间": _whether(rungs["urged"]),
        "是否督办及时间": _whether(rungs["supervised"]),
        "是否退回重办及时间": _whether("；".join(_again(kept, complaint_id))),
        "实际办结时间": _time(max(_done_at(plan, kept, complaint_id))),
        "办理情况": f"{FINALS[oracle.final_of(plan)]}：{mark_of(plan.loop, _last_said(plan))}",
        "回访时间": _time(max(row["at"] for row in follow_ups)),
        "办理结果满意度": "不满意" if plan.kind.concluded else "满意",
        "备注": "；".join(_remarks(plan, ladders, rungs["reported"])),
    }


def differing(has: Cells, must: Cells) -> list[str]:
    """What in a row is not as it must be."""
    wrong = [heading for heading in must if has.get(heading) != must[heading]]
    found = [f"{heading} says {has.get(heading)!r}, not {must[heading]!r}" for heading in wrong]
    return found + [f"there is a column {heading}" for heading in has.keys() - must.keys() - {PLACE}]


def _departments(plan: Plan) -> str:
    if plan.kind.answers:
        lead = DEPARTMENTS[plan.lead]
        return f"牵头：{lead}；协办：{DEPARTMENTS[plan.co_handler]}" if plan.co_handler else lead
    return f"{UNIT}（函转）" if plan.kind.name == "referred" else ""


def _sent_at(plan: Plan, kept: Evidence, complaint_id: str) -> list[datetime]:
    if plan.kind.answers:
        return [row["dispatched_at"] for row in kept.of("orders", complaint_id)]
    steps = {"referred": "refer", "directed": "direct"}
    return _at(kept, "steps", complaint_id, action=steps.get(plan.kind.name))


def _again(kept: Evidence, complaint_id: str) -> list[str]:
    returned = [(at, "质检退回") for at in _at(kept, "checks", complaint_id, passed=False)]
    asked_for = [(at, "诉求人要求重办") for at in _at(kept, "follow_ups", complaint_id, then="redo")]
    return [f"{_time(at)} {why}" for at, why in sorted(returned + asked_for)]


def _done_at(plan: Plan, kept: Evidence, complaint_id: str) -> list[datetime]:
    if plan.kind.answers:
        return _at(kept, "replies", complaint_id, is_lead=True)
    steps = {"referred": "outcome", "directed": "direct"}
    return _at(kept, "steps", complaint_id, action=steps.get(plan.kind.name, "settle"))


def _last_said(plan: Plan) -> str:
    """The step at which was said what came of it."""
    kind = plan.kind
    if kind.answers:
        return f"answer-{len(kind.answers)}"
    steps = {"referred": "outcome", "directed": "direct"}
    return steps.get(kind.name, f"settle-{1 + kind.redone}")


def _remarks(plan: Plan, ladders: Sequence[Ladder], reported: str) -> Iterable[str]:
    late = [ladder.overran for ladder in ladders if ladder.overran is not None]
    yield (f"超期{sum(late)}个工作日" if sum(late) else "超期不足1个工作日") if late else "未超期"
    if reported:
        yield f"已通报（{reported}）"
    for ladder in ladders:
        if ladder.is_provisional:
            yield f"期限{_time(ladder.due_at)}为暂定"
    if plan.kind.name == "directed":
        yield f"已告知办理渠道：{COURT}"
    if plan.kind.concluded:
        yield f"结案理由：{mark_of(plan.loop, 'conclude')}"


def _at(kept: Evidence, table: str, complaint_id: str, **like: object) -> list[datetime]:
    """When each of these happened."""

    def fits(row: Row) -> bool:
        return all(row[column] == value for column, value in like.items())

    return sorted(row["at"] for row in kept.of(table, complaint_id) if fits(row))


def _time(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _times(instants: Iterable[datetime]) -> str:
    return "；".join(dict.fromkeys(map(_time, instants)))


def _whether(times: str) -> str:
    return f"是（{times}）" if times else "否"
