"""What one asks and another decides, and a department's part, wherever they stand: whole grids (mechanism §4, §7)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import product
from typing import Any

import pytest

from shared.events.intake import Triage
from tests.support.dispatching import COORDINATOR, HEAD, Desk, desk, officer

__all__ = ["desk"]

ZRZY, ZJJ, SWJ = officer("sq/zrzy"), officer("sq/zjj"), officer("sq/swj")
SAYS: dict[str, Any] = {"reasons": "情况属实。"}
DENIES: dict[str, Any] = {"reasons": "理由不充分。"}
RESULT: dict[str, Any] = {"kind": "result", "text": "已经办结。"}
PLAN: dict[str, Any] = {"kind": "plan", "text": "分期补办。"}
GROUNDS = {"reasons": "于法无据。", "legal_basis": "《条例》第五条"}

Given = tuple[str, Any, dict[str, Any]]
"""A door, who knocks, and with what."""

QUESTIONS = """
                      ask                grant              refuse
decline none          yes                nothing-to-decide  nothing-to-decide
decline waiting       decline-pending    yes                yes
decline granted       not-assigned       not-in-this-state  not-in-this-state
decline refused       yes                nothing-to-decide  nothing-to-decide
decline finally       decline-final      nothing-to-decide  nothing-to-decide
extend none           yes                nothing-to-decide  nothing-to-decide
extend waiting        extension-pending  yes                yes
extend granted        already-extended   nothing-to-decide  nothing-to-decide
extend refused        yes                nothing-to-decide  nothing-to-decide
consent none          -                  nothing-to-decide  nothing-to-decide
consent waiting       -                  yes                yes
consent granted       -                  nothing-to-decide  nothing-to-decide
consent refused       -                  nothing-to-decide  nothing-to-decide
conclude none         yes                not-in-this-state  not-in-this-state
conclude waiting      not-in-this-state  yes                yes
conclude granted      not-in-this-state  not-in-this-state  not-in-this-state
conclude refused      yes                not-in-this-state  not-in-this-state
withdraw none         yes                nothing-to-decide  nothing-to-decide
withdraw waiting      withdrawal-pending yes                yes
withdraw granted      not-in-this-state  not-in-this-state  not-in-this-state
withdraw refused      yes                nothing-to-decide  nothing-to-decide
"""
"""`-`: the plan itself asks."""

ASKED: dict[tuple[str, str], Given] = {
    ("decline", "ask"): ("decline", ZRZY, {"reason": "审批权限已划转住建局。"}),
    ("decline", "grant"): ("decline", COORDINATOR, {"uphold": True} | SAYS),
    ("decline", "refuse"): ("decline", COORDINATOR, {"uphold": False} | DENIES),
    ("extend", "ask"): ("extend", ZRZY, {"reason": "外业受天气影响。", "committed_on": "2026-12-02"}),
    ("extend", "grant"): ("extend", COORDINATOR, {"approve": True}),
    ("extend", "refuse"): ("extend", COORDINATOR, {"approve": False} | DENIES),
    ("consent", "grant"): ("consent", COORDINATOR, {"approve": True}),
    ("consent", "refuse"): ("consent", COORDINATOR, {"approve": False} | DENIES),
    ("conclude", "ask"): ("conclude", COORDINATOR, GROUNDS),
    ("conclude", "grant"): ("conclude", HEAD, {"approve": True}),
    ("conclude", "refuse"): ("conclude", HEAD, {"approve": False} | DENIES),
    ("withdraw", "ask"): ("withdraw", COORDINATOR, {"words": "自行解决了。"}),
    ("withdraw", "grant"): ("withdraw", HEAD, {"confirm": True, "words": "本人确认。"}),
    ("withdraw", "refuse"): ("withdraw", HEAD, {"confirm": False, "words": "还要办。"}),
}

PARTS = """
           sign            reply             decline       overrule
fresh      yes             yes               yes           yes
signed     already-signed  yes               yes           yes
answered   yes             already-answered  answered      nobody-owes
overruled  yes             yes               yes           nobody-owes
recalled   not-assigned    not-assigned      not-assigned  not-in-this-state
none       not-assigned    not-assigned      not-assigned  not-owing
"""
"""Of a co-handler; `none`: of a department that has no part in it."""


def grid(text: str) -> dict[tuple[str, str], str]:
    """What is answered, by state and action."""
    head, *lines = text.strip().splitlines()
    actions, found = head.split(), {}
    for line in lines:
        words = line.split()
        state, answers = " ".join(words[: -len(actions)]), words[-len(actions) :]
        found |= {(state, action): answer for action, answer in zip(actions, answers, strict=True)}
    return found


def test_the_grids_are_whole() -> None:
    for text in (QUESTIONS, PARTS):
        states, actions = ({key[place] for key in grid(text)} for place in (0, 1))
        assert set(grid(text)) == set(product(states, actions))
    assert set(ASKED) == {
        (state.split()[0], action) for (state, action), answer in grid(QUESTIONS).items() if answer != "-"
    }


async def _declined(desk: Desk) -> str:
    complaint_id = await desk.complaint(Triage.CANNOT)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    return complaint_id


async def _committed(desk: Desk, day: str = "2026-11-30") -> str:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "reply", ZRZY, **PLAN, committed_on=day)
    return complaint_id


async def _far_off(desk: Desk) -> str:
    return await _committed(desk, "2027-01-29")


async def _near(desk: Desk) -> str:
    return await _committed(desk)


async def _concluding(desk: Desk) -> str:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "reply", ZRZY, **RESULT)
    await desk.act(complaint_id, "check", passed=True)
    said = {"satisfaction": "dissatisfied", "opinion": "不满意", "method": "phone"}
    await desk.act(complaint_id, "follow-up", **said, then="conclude")
    return complaint_id


BEGUN: dict[str, Callable[[Desk], Awaitable[str]]] = {
    "decline": _declined,
    "extend": _near,
    "consent": _far_off,
    "conclude": _concluding,
    "withdraw": _declined,
}
WAY: dict[str, tuple[str, ...]] = {
    "none": (),
    "waiting": ("ask",),
    "granted": ("ask", "grant"),
    "refused": ("ask", "refuse"),
    "finally": ("ask", "refuse", "ask", "refuse"),
}


@pytest.mark.parametrize(
    ("state", "action"), [key for key, answer in grid(QUESTIONS).items() if answer != "-"], ids=" ".join
)
async def test_what_is_asked_is_decided_once_and_by_whoever_may(desk: Desk, state: str, action: str) -> None:
    about, stands = state.split()
    is_near = about == "consent" and stands == "none"
    complaint_id = await (_near(desk) if is_near else BEGUN[about](desk))
    for step in WAY[stands]:
        if (about, step) in ASKED:
            door, actor, given = ASKED[about, step]
            await desk.act(complaint_id, door, actor, **given)
    await _answered(desk, complaint_id, ASKED[about, action], grid(QUESTIONS)[state, action])


@pytest.mark.parametrize(("state", "action"), grid(PARTS), ids=" ".join)
async def test_a_department_does_what_its_part_still_allows(desk: Desk, state: str, action: str) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy", co_handlers=["zjj"])
    if state == "signed":
        await desk.act(complaint_id, "sign", ZJJ)
    elif state == "answered":
        await desk.act(complaint_id, "reply", ZJJ, **RESULT)
    elif state == "overruled":
        await desk.act(complaint_id, "overrule", reason="不影响办理。")
    elif state == "recalled":
        await desk.act(complaint_id, "decline", ZRZY, reason="权限已划转。")
        await desk.act(complaint_id, "decline", COORDINATOR, uphold=True, **SAYS)
    department, actor = ("swj", SWJ) if state == "none" else ("zjj", ZJJ)
    doors: dict[str, Given] = {
        "sign": ("sign", actor, {}),
        "reply": ("reply", actor, RESULT),
        "decline": ("decline", actor, {"reason": "权限已划转。"}),
        "overrule": ("overrule", COORDINATOR, {"reason": "不影响办理。", "departments": [department]}),
    }
    await _answered(desk, complaint_id, doors[action], grid(PARTS)[state, action])


async def _answered(desk: Desk, complaint_id: str, given: Given, answer: str) -> None:
    door, actor, body = given
    if answer == "yes":
        await desk.act(complaint_id, door, actor, **body)
        return
    _, code, _ = await desk.refused(complaint_id, door, actor, **body)
    assert code == answer
