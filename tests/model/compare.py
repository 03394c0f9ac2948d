"""What the house says of complaints, and what it must say by the model: files, ledger, and time by court."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.model.complaint import Complaint
from tests.model.people import NAMES, UNITS

Said = dict[str, Any]

SECONDS = 3
"""By which a sum of whole seconds may differ from the exact one."""
COURTS = ("office", "lead", "co_handler", "petitioner", "outside")
SATISFACTIONS = {
    None: "",
    "satisfied": "满意",
    "basically_satisfied": "基本满意",
    "dissatisfied": "不满意",
    "unreachable": "未联系上",
}
FINALS = {
    "zeroed": "已清零销号",
    "concluded_unsatisfied": "不满意结案",
    "concluded_unreachable": "无法联系，结案",
    "withdrawn": "诉求人撤回",
    "referred_closed": "函转办结",
    "directed": "已告知办理渠道，办结",
}


def must_agree(house: Said, model: Said) -> None:
    """Everything the model says, the house says too."""
    differing = {name: f"house {house[name]!r}, model {model[name]!r}" for name in model if house[name] != model[name]}
    assert not differing, differing


def must_hold(one: Complaint, file: Said) -> None:
    """What is promised of every file, whatever has happened."""
    rungs = [(rung["leg"], rung["rung"]) for rung in file["rungs"] if not rung["by_hand"]]
    assert len(rungs) == len(set(rungs)), "a rung twice on a leg"
    assert [leg["number"] for leg in file["legs"]] == list(range(1, len(file["legs"]) + 1))
    assert all(leg["round"] <= file["round"] for leg in file["legs"])
    if file["final"] and file["final"] != "withdrawn":
        assert file["follow_ups"], "closed without a follow-up"
    if file["final"] == "zeroed":
        assert file["follow_ups"][-1]["satisfaction"] in ("satisfied", "basically_satisfied")
    if file["final"] == "withdrawn":
        assert file["withdrawals"][-1]["granted"]


def told_by_file(file: Said) -> Said:
    """What an order's file says of what the model knows."""
    rungs = [each for each in file["rungs"] if not each["by_hand"]]
    told = {name: file[name] for name in ("number", "state", "triage", "round", "final", "handling_center", "overdue")}
    return told | {
        "due_at": file["legs"] and datetime.fromisoformat(file["legs"][-1]["due_at"]),
        "rungs": sorted((each["leg"], each["rung"], each["level"], _parties(each["to"])) for each in rungs),
        "legs": [(leg["stage"], leg["expects"], _instant(leg["co_handlers_due_at"])) for leg in file["legs"]],
        "parties": _parties([file["lead"], *file["co_handlers"]] if file["lead"] else []),
        "joined_to": file["joined_to"],
    }


def _parties(told: Iterable[Said]) -> list[str]:
    return [f"{each['center']}/{each['department']}" for each in told]


def _instant(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def known_of_file(one: Complaint, now: datetime) -> Said:
    """The same as the model has it."""
    names = ("number", "state", "triage", "round", "final", "handling_center", "joined_to", "parties")
    return {name: getattr(one, name) for name in names} | {
        "overdue": one.is_overdue(now),
        "due_at": one.legs and one.leg.due,
        "rungs": sorted(one.rungs()),
        "legs": [(leg.stage, leg.expects, leg.co_handlers_due) for leg in one.legs],
    }


def known_of_row(one: Complaint, place: int, now: datetime) -> Said:
    """The cells of the ledger (annex 3); but how it is going on, of what is open, is in the house's own words."""
    return {
        "序号": place,
        "姓名或单位名称": "周**",
        "单位联系人": "",
        "联系方式": "199****7001",
        "主要诉求": one.content,
        "诉求类别": "投诉",
        "政务服务责任部门及牵头部门": _departments(one),
        "分办转办时间": _times(one.sent_at),
        "要求办理期限": _times(leg.due for leg in one.legs),
        "是否催办及时间": _whether(_times(one.given("urged"))),
        "是否督办及时间": _whether(_times(one.given("supervised"))),
        "是否退回重办及时间": _whether(
            "；".join(f"{_time(at)} {'诉求人要求重办' if wanted else '质检退回'}" for at, wanted in one.again)
        ),
        "实际办结时间": _time(one.done_at),
        "回访时间": _time(one.followed_up_at),
        "办理结果满意度": SATISFACTIONS[one.satisfaction],
        "备注": "；".join(_remarks(one, now)),
    }


def _departments(one: Complaint) -> str:
    if not one.named:
        return f"{one.unit}（函转）" if one.unit else ""
    lead, *others = (UNITS[party] for party in one.named)
    return f"牵头：{lead}；协办：{'、'.join(others)}" if others else lead


def _remarks(one: Complaint, now: datetime) -> Iterable[str]:
    late, is_overdue = one.days_late(now), one.is_overdue(now)
    counted = f"超期{late}个工作日" if late else "超期不足1个工作日"
    yield (("已超期" if late is None else counted) if is_overdue else "未超期")
    if len(one.centers) > 1:
        yield f"由{'、'.join(NAMES[each] for each in one.centers[:-1])}转{NAMES[one.centers[-1]]}办理"
    if reported := _times(one.given("reported")):
        yield f"已通报（{reported}）"
    for leg in one.legs:
        if leg.extended_from:
            yield f"承诺期限由{_time(leg.extended_from)}延至{_time(leg.due)}"
    if one.has_missed_first_date():
        yield "曾改派，超过首次告知的期限"
    if one.joined_to:
        yield f"与{one.joined_to}合并办理"
    if one.channel:
        yield f"已告知办理渠道：{one.channel}"
    if one.closing:
        yield f"结案理由：{one.closing}"


def situation_told(row: Said, one: Complaint) -> None:
    """The ledger says how it ended, and of what is open that it did not; and what has come of it."""
    situation, _, outcome = row["办理情况"].partition("：")
    if one.final:
        assert situation == FINALS[one.final]
    else:
        assert situation not in FINALS.values()
    assert outcome == (one.outcome or "")


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def _times(instants: Iterable[datetime]) -> str:
    return "；".join(dict.fromkeys(map(_time, instants)))


def _whether(times: str) -> str:
    return f"是（{times}）" if times else "否"


def must_count(figures: Said, everyone: Sequence[Complaint]) -> None:
    """The figures are what the model reckons: what petitioners said, and time by court, whose parts are the whole."""
    said = sum((one.said for one in everyone), Counter())
    unreachable = said.pop("unreachable", 0)
    rates, pleased = figures["rates"], said["satisfied"] + said["basically_satisfied"]
    counted = rates["satisfaction"]["hits"], rates["satisfaction"]["sample"], rates["unreachable"]
    assert counted == (pleased, said.total(), unreachable), counted
    handling = figures["handling"]
    assert handling["ended"] == sum(one.ends for one in everyone)
    for place, kind in enumerate(("working", "elapsed")):
        parts = {court: handling["courts"][court][kind] for court in COURTS}
        assert sum(parts.values()) == handling["whole"][kind]
        for court, seconds in parts.items():
            spent = sum((one.spent_to_ends[court][place] for one in everyone), timedelta()).total_seconds()
            assert abs(seconds - spent) <= SECONDS, f"{kind} of {court}: house {seconds}, model {spent}"
