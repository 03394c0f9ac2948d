"""What somebody may try: the sensible next steps of a complaint, well or badly, and any step at all by anyone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.model.complaint import Complaint, Step
from tests.model.people import CENTERS, EVERYONE, MAY, PETITIONER, UNITS, Who, of, officer
from tests.model.reference import BY_PETITIONER, STATES
from tests.support.oracle import working_day

TRIAGES = ("general", "cannot", "hard", "refused", "out_of_scope")
CODES = tuple(unit.split("/")[1] for unit in UNITS)
WORDS = "经办人已核实情况，依法答复如上。"
SETTLED = "窗口已当场受理并出证。"
OUTCOME = "该单位函复：已到现场处理。"
BASIS = "《不动产登记暂行条例》第二十二条"
ONWARD = {
    "registered": ("triage",),
    "on_spot": ("settle",),
    "pending": ("dispatch", "dispatch", "direct", "refer", "transfer"),
    "referred": ("outcome", "outcome", "recall"),
    "handling": ("reply",),
    "checking": ("check",),
    "following_up": ("follow-up",),
    "concluding": ("conclude",),
    "approving": ("approve",),
    "closed": ("reopen", "ask-reopening", "rate"),
}
"""What brings a complaint on from where it stands."""


def mostly(*usual: Any, seldom: Sequence[Any]) -> st.SearchStrategy[Any]:
    """One of the usual, or now and then another."""
    return st.sampled_from([*usual * 3, *seldom])


REASON = mostly(WORDS, seldom=[None])


@st.composite
def given_of(draw: DrawFn, action: str, now: datetime, everyone: Sequence[Complaint], one: Complaint) -> dict[str, Any]:
    """What is given with an action: mostly right, now and then not."""
    match action:
        case "triage":
            return {"triage": draw(st.sampled_from(TRIAGES)), "reason": draw(REASON)}
        case "settle":
            return {"result": SETTLED}
        case "correct":
            content = draw(mostly(f"{one.content}（补充）", seldom=[one.content]))
            return {"reason": WORDS, "content": content}
        case "dispatch":
            return draw(_dispatch(one.triage))
        case "transfer":
            return {"to_center": draw(mostly(*CENTERS, seldom=["sq-nowhere"])), "reason": WORDS}
        case "refer":
            return {"unit": draw(st.sampled_from(("沈丘县劳动保障监察大队", "沈丘县供电公司"))), "reason": WORDS}
        case "direct":
            return {"channel": "沈丘县人民法院（12368诉讼服务热线）", "reason": WORDS}
        case "outcome":
            return {"text": OUTCOME}
        case "recall":
            return {"reason": WORDS}
        case "join":
            others = [each.number for each in everyone if each is not one]
            return {"to": draw(mostly(*others, seldom=[one.number, "SQ-2020-9999"])), "reason": WORDS}
        case "check":
            return {"passed": draw(mostly(True, True, False, seldom=[])), "reasons": draw(REASON)}
        case "supervise":
            return {"requirement": WORDS}
        case "nudge" | "ask-reopening":
            return {"words": WORDS, "code": draw(mostly(one.query_code, seldom=["ABCDEFGH"]))}
        case "rate":
            return {"score": draw(mostly(1, 5, seldom=[0, 6])), "ends_ago": draw(mostly(0, seldom=[1]))}
        case "reopen":
            return {"words": WORDS}
        case "sign" | "urge":
            return {}
        case "follow-up" | "conclude" | "approve" | "withdraw" | "confirm":
            return draw(_end(action))
    return draw(_with_departments(action, now, one))


@st.composite
def _dispatch(draw: DrawFn, triage: str | None) -> dict[str, Any]:
    named = draw(st.lists(mostly(*CODES, seldom=["nobody"]), min_size=1, max_size=3))
    given = {"lead": named[0], "co_handlers": named[1:], "working_days": draw(mostly(None, seldom=[0, 1, 4, 6]))}
    days = [None, 5, 15] if triage == "refused" else [None]
    return given | {"committed_working_days": draw(mostly(*days, seldom=[3]))}


@st.composite
def _with_departments(draw: DrawFn, action: str, now: datetime, one: Complaint) -> dict[str, Any]:
    yes, reason = draw(st.booleans()), draw(REASON)
    some = draw(mostly([], seldom=[["zjj"], ["zjj", "swj"], ["nobody"]]))
    match action:
        case "reply":
            return draw(_reply(now, one))
        case "decline":
            return {"reason": WORDS, "right_department": draw(mostly(None, *CODES, seldom=["nobody"]))}
        case "uphold":
            return {"uphold": yes, "reasons": reason, "department": draw(mostly(None, seldom=CODES))}
        case "extend":
            committed = one.legs[-1].committed if one.legs else None
            return {
                "reason": WORDS,
                "committed_on": _later(committed or now.date(), draw(st.sampled_from((0, 1, 3, 4)))),
            }
        case "overrule":
            return {"reason": WORDS, "departments": some}
        case "study":
            held_at = now + draw(mostly(timedelta(hours=-1), seldom=[timedelta(hours=1)]))
            said = {"held_at": held_at.isoformat(), "attendees": WORDS, "conclusion": WORDS}
            return said | {"departments": some or ["zrzy"]}
    return {"approve": yes, "reasons": reason}


@st.composite
def _reply(draw: DrawFn, now: datetime, one: Complaint) -> dict[str, Any]:
    expected = one.legs[-1].expects if one.legs else "result"
    kind = draw(mostly(expected, seldom=["reasons", "plan", "result"]))
    given: dict[str, Any] = {"kind": kind, "text": WORDS, "legal_basis": draw(mostly(BASIS, seldom=[None]))}
    if kind == "plan":
        days = draw(mostly(None, 0, 1, 2, 3, 5, 12, 30, seldom=[-1]))
        given["committed_on"] = None if days is None else (now.date() + timedelta(days=days)).isoformat()
    return given


@st.composite
def _end(draw: DrawFn, action: str) -> dict[str, Any]:
    yes, reason = draw(st.booleans()), draw(REASON)
    match action:
        case "follow-up":
            said = draw(st.sampled_from(("satisfied", "basically_satisfied", "dissatisfied", "unreachable")))
            fitting = {"dissatisfied": ("redo", "redo", "conclude"), "unreachable": (None, "conclude")}
            then = draw(mostly(*fitting.get(said, (None,)), seldom=[None, "redo"]))
            return {"satisfaction": said, "opinion": WORDS, "method": "phone", "then": then}
        case "conclude":
            return {"reasons": WORDS, "legal_basis": draw(mostly(BASIS, seldom=[None]))}
        case "approve":
            return {"approve": yes, "reasons": reason}
        case "confirm":
            return {"words": WORDS, "confirm": yes}
    return {"words": WORDS}


def _later(day: date, working_days: int) -> str:
    return (working_day(day, working_days) if working_days else day).isoformat()


def doers(one: Complaint, action: str) -> Sequence[Who]:
    """Who would do this to the complaint as it stands."""
    if MAY[action] == {"officer"}:
        return [officer(party) for party in one.parties]
    if MAY[action] == {"petitioner"}:
        return [PETITIONER]
    return [of(role, one.handling_center) for role in sorted(MAY[action])]


@st.composite
def next_step(draw: DrawFn, one: Complaint, now: datetime, everyone: Sequence[Complaint]) -> Step:
    """A step that fits where the complaint stands, by someone whose turn it is."""
    sensible = [action for action, states in STATES.items() if one.state in states and doers(one, action)]
    onward = ONWARD[one.state]
    action = draw(st.sampled_from([*onward * (len(sensible) // len(onward) + 1), *sensible]))
    return Step(draw(st.sampled_from(doers(one, action))), action, draw(given_of(action, now, everyone, one)))


@st.composite
def any_step(draw: DrawFn, one: Complaint, now: datetime, everyone: Sequence[Complaint]) -> Step:
    """Anything, by anyone."""
    action = draw(st.sampled_from(sorted(MAY)))
    who = PETITIONER if action in BY_PETITIONER else draw(st.sampled_from(EVERYONE))
    return Step(who, action, draw(given_of(action, now, everyone, one)))
