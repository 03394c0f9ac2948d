"""A guidance case's way from draft to public, and from there to a newer one (Art. 11; mechanism §8)."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from services.casebook.domain.cases import (
    ALLOWED,
    NEEDS_REMARK,
    OF_THE_APPROVER,
    Standing,
    State,
    Step,
    after,
    must_sign_once,
)
from services.casebook.domain.text import Text, drafted_from
from shared.events.dispatch import CaseSuggested
from shared.refusals import Forbidden, Invalid, NotPossible, Refusal
from tests.support.alone import at

WHOLE = Text("标题", "问题", "方法", "步骤", "结论")
GOOD = Standing(State.DRAFT, WHOLE, {"writer"}, is_confirmed=True)
GRID = {
    State.DRAFT: "edit→draft confirm→draft submit→submitted",
    State.SUBMITTED: "approve→approved return→returned",
    State.RETURNED: "edit→returned confirm→returned submit→submitted",
    State.APPROVED: "cosign→approved publish→published return→returned",
    State.PUBLISHED: "revise→published cite→published withdraw→withdrawn replace→replaced",
    State.WITHDRAWN: "",
    State.REPLACED: "",
}
"""The whole of it, written a second time."""


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_every_state_allows_its_steps_and_no_others(state: State, step: Step) -> None:
    leads_to = dict(each.split("→") for each in GRID[state].split())
    case = replace(GOOD, state=state)
    if step in leads_to:
        assert after(case, step, "another", "理由") == leads_to[step]
    else:
        with pytest.raises(NotPossible) as refused:
            after(case, step, "another", "理由")
        assert refused.value.code == "not-now"
        assert refused.value.message.endswith("。")


def _allowed(*steps: Step) -> list[tuple[State, Step]]:
    return [(state, step) for state in State for step in ALLOWED[state] if step in steps]


@pytest.mark.parametrize(("state", "step"), _allowed(*Step))
def test_the_approver_is_never_a_writer(state: State, step: Step) -> None:
    case = replace(GOOD, state=state)
    if step in OF_THE_APPROVER:
        with pytest.raises(Forbidden, match="自己编写"):
            after(case, step, "writer", "理由")
    else:
        after(case, step, "writer")


@pytest.mark.parametrize(("state", "step"), _allowed(*NEEDS_REMARK))
@pytest.mark.parametrize("remark", [None, "", "  "])
def test_what_is_sent_back_or_taken_down_says_why(state: State, step: Step, remark: str | None) -> None:
    with pytest.raises(Invalid, match="理由"):
        after(replace(GOOD, state=state), step, "another", remark)


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
def test_a_case_is_submitted_whole(state: State) -> None:
    with pytest.raises(Invalid) as refused:
        after(replace(GOOD, state=state, text=Text("标题", "问题")), Step.SUBMIT, "writer")
    assert [fault.field for fault in refused.value.errors] == ["method", "steps", "conclusion"]


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
def test_a_case_is_submitted_with_what_was_struck_confirmed(state: State) -> None:
    with pytest.raises(NotPossible, match="确认"):
        after(replace(GOOD, state=state, is_confirmed=False), Step.SUBMIT, "writer")


def test_a_joint_case_is_published_when_every_department_has_signed() -> None:
    case = replace(GOOD, state=State.APPROVED, unsigned=("自然资源局", "税务局"))
    with pytest.raises(NotPossible, match="自然资源局、税务局"):
        after(case, Step.PUBLISH, "another")
    assert after(replace(case, unsigned=()), Step.PUBLISH, "another") is State.PUBLISHED


@pytest.mark.parametrize(
    ("named", "signed", "code"),
    [(["sq/swj"], [], "not-named"), ([], [], "not-named"), (["sq/zrzy"], ["sq/zrzy"], "signed-already")],
)
def test_a_department_signs_once_and_only_where_it_was_named(named: list[str], signed: list[str], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        must_sign_once("sq/zrzy", named, signed)
    assert refused.value.code == code
    must_sign_once("sq/zrzy", ["sq/swj", "sq/zrzy"], ["sq/swj"])


def test_a_typical_complaint_gives_a_draft_of_what_its_closing_tells() -> None:
    suggested = CaseSuggested(
        at=at("11-23 10:00"), center="sq", subject="c-1", number="SQ-2026-0001",
        problem="集资房办不下房产证。跑了三趟。",
        result="会商后容缺受理。", legal_basis="《不动产登记暂行条例》", reasons="政策不允许。", by="k",
    )  # fmt: skip
    text = drafted_from(suggested)
    assert (text.title, text.problem) == ("集资房办不下房产证", "集资房办不下房产证。跑了三趟。")
    assert text.conclusion == "会商后容缺受理。\n政策不允许。"
    assert (text.method, text.steps, text.basis) == ("", "", "《不动产登记暂行条例》")
