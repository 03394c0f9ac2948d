"""The course of an order: everything that was said and done, in time order, as its page tells it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from services.dispatch.domain import words
from services.dispatch.domain.states import Action
from shared.workdays import CHINA

_STEPS: Mapping[Action, str] = {
    Action.SETTLE: "窗口当场办结",
    Action.TRANSFER: "转办",
    Action.REFER: "函转",
    Action.OUTCOME: "函转单位反馈",
    Action.RECALL: "收回函转",
    Action.OVERRULE: "不再等待协办",
    Action.DIRECT: "告知渠道",
    Action.NUDGE: "诉求人催一催",
    Action.REOPEN: "重新办理",
    Action.JOIN: "多人同诉",
}


@dataclass(frozen=True)
class Line:
    """One thing that happened; `look` is what its point on the line is marked with."""

    at: datetime
    what: str
    who: str
    text: str = ""
    look: str = ""


@dataclass(frozen=True)
class Names:
    """What codes are called."""

    department: Callable[[str], str]
    center: Callable[[str], str]
    person: Callable[[str], str]


def course(told: Mapping[str, Any], names: Names) -> list[Line]:
    """Of an order as `reading.told` tells it."""
    parts = (_dispatches, _signatures, _replies, _checks, _follow_ups, _rungs, _conclusions, _asked, _studies, _steps)
    lines = [line for part in parts for line in part(told, names)]
    return sorted(lines, key=lambda line: line.at)


def _dispatches(told: Mapping[str, Any], _: Names) -> Iterator[Line]:
    for n, group in groupby(told["assignments"], key=lambda each: each["dispatch"]):
        lead, *others = group
        co_handlers = f"；协办：{'、'.join(each['name'] for each in others)}" if others else ""
        what = "分办" if n == 1 else f"第{n}次分办"
        yield Line(lead["assigned_at"], what, "", f"牵头：{lead['name']}{co_handlers}")


def _signatures(told: Mapping[str, Any], names: Names) -> Iterator[Line]:
    stepped = {each["at"] for each in told["steps"] if each["action"] == Action.OVERRULE}
    for each in told["assignments"]:
        if each["signed_at"]:
            yield Line(each["signed_at"], "签收", f"{each['name']} {names.person(each['signed_by'])}")
        if each["overruled_at"] and each["overruled_at"] not in stepped:  # from before its reason was kept
            yield Line(each["overruled_at"], "不再等待协办", each["name"])


def _replies(told: Mapping[str, Any], names: Names) -> Iterator[Line]:
    for each in told["replies"]:
        role = "答复" if each["is_lead"] else "协办答复"
        said = [
            each["text"],
            _labelled("依据", each["legal_basis"]),
            _labelled("救济途径", each["remedy"]),
            _labelled("承诺办结日期", each["committed_on"]),
            "（质检退回）" if each["returned_at"] else "",
        ]
        what = f"{role}：{words.REPLIES[each['kind']]}"
        yield Line(each["at"], what, f"{each['name']} {names.person(each['by'])}", _lines(said), "good")
        if each["consented"] is not None:
            agreed = "同意承诺日期" if each["consented"] else "不同意承诺日期"
            yield Line(each["consented_at"], agreed, names.person(each["consented_by"]), each["consent_said"] or "")


def _checks(told: Mapping[str, Any], names: Names) -> Iterator[Line]:
    for each in told["checks"]:
        what, look = ("质检通过", "good") if each["passed"] else ("质检退回重办", "late")
        yield Line(each["at"], what, names.person(each["by"]), each["reasons"] or "", look)


def _follow_ups(told: Mapping[str, Any], names: Names) -> Iterator[Line]:
    for each in told["follow_ups"]:
        solved = {True: "已解决", False: "未解决", None: ""}[each["solved"]]
        then = words.THENS[each["then"]] if each["then"] else ""
        method = words.METHODS.get(each["method"], each["method"])
        said = [each["opinion"], "；".join(filter(None, (method, solved, then)))]
        what = f"回访：{words.SATISFACTIONS[each['satisfaction']]}"
        yield Line(each["at"], what, names.person(each["by"]), _lines(said))


def _rungs(told: Mapping[str, Any], names: Names) -> Iterator[Line]:
    for each in told["rungs"]:
        by_hand = "（手动）" if each["by_hand"] else ""
        to = "、".join(names.department(f"{party['center']}/{party['department']}") for party in each["to"])
        who = names.person(each["by"]) if each["by_hand"] else ""
        said = [_labelled("对象", to), _labelled("督办要求", each.get("requirement"))]
        yield Line(each["at"], f"{words.RUNGS[each['rung']]}{by_hand}", who, _lines(said), "late")


def _conclusions(told: Mapping[str, Any], names: Names) -> Iterator[Line]:
    for each in told["conclusions"]:
        said = [_labelled("理由", each["reasons"]), _labelled("依据", each["legal_basis"])]
        yield Line(each["proposed_at"], "提请不满意办结", names.person(each["proposed_by"]), _lines(said))
        if each["decided_at"]:
            what = "审批同意办结" if each["approved"] else "审批不同意办结"
            yield Line(each["decided_at"], what, names.person(each["decided_by"]), each["decision"] or "")


def _asked(told: Mapping[str, Any], names: Names) -> Iterator[Line]:
    for each in told["declines"]:
        name = names.department(f"{each['center']}/{each['department']}")
        right = names.department(each["right_department"]) if each["right_department"] else ""
        said = [each["reason"], _labelled("认为应由其办理", right)]
        yield Line(each["at"], "退单", f"{name} {names.person(each['by'])}", _lines(said))
        yield from _decided(each, "退单", names)
    for each in told["extensions"]:
        said = [each["reason"], f"由{_day(each['was'])}延至{_day(each['committed_on'])}"]
        yield Line(each["at"], "申请延期", names.person(each["by"]), _lines(said))
        yield from _decided(each, "延期", names)
    for each in told["withdrawals"]:
        yield Line(each["at"], "登记撤回", names.person(each["by"]), each["reason"])
        yield from _decided(each, "撤回", names)


def _decided(each: Mapping[str, Any], what: str, names: Names) -> Iterator[Line]:
    if each["decided_at"]:
        word = "同意" if each["granted"] else "不同意"
        yield Line(each["decided_at"], f"{word}{what}", names.person(each["decided_by"]), each["decision"] or "")


def _studies(told: Mapping[str, Any], names: Names) -> Iterator[Line]:
    for each in told["studies"]:
        parties = [names.department(f"{party['center']}/{party['department']}") for party in each["departments"]]
        said = [
            _labelled("参加部门", "、".join(parties)),
            _labelled("时间", f"{each['held_at'].astimezone(CHINA):%Y-%m-%d %H:%M}"),
            _labelled("参加人员", each["attendees"]),
            _labelled("结论", each["conclusion"]),
            _labelled("建议牵头", names.department(each["lead"]) if each["lead"] else ""),
        ]
        yield Line(each["at"], "会商", names.person(each["by"]), _lines(said))


def _steps(told: Mapping[str, Any], names: Names) -> Iterator[Line]:
    for each in told["steps"]:
        action = Action(each["action"])
        target = _target(action, each["target"], names)
        what = _STEPS.get(action, action.value)
        yield Line(each["at"], what, names.person(each["by"]), _lines([target, each["text"]]))


def _target(action: Action, target: str | None, names: Names) -> str | None:
    if action is Action.TRANSFER and target:
        return names.center(target)
    if action is Action.OVERRULE and target:
        return "、".join(names.department(code) for code in target.split("、"))
    if action is Action.JOIN:
        return _labelled("主办件", target)
    return target


def _labelled(label: str, value: str | date | None) -> str:
    return f"{label}：{value}" if value else ""


def _lines(said: Sequence[str | None]) -> str:
    return "\n".join(each for each in said if each)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
