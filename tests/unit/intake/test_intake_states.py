"""What the window may still do (Art. 6), as the full grid of states and steps."""

import pytest

from services.intake.domain.states import (
    State,
    Step,
    must_allow,
    must_allow_retriage,
    must_be_general,
    must_not_be_about,
)
from shared.events.intake import Triage
from shared.refusals import Refusal

POSSIBLE = {
    (State.REGISTERED, Step.TRIAGE),
    (State.TRIAGED, Step.TRIAGE),
    (State.TRIAGED, Step.SETTLE),
    (State.TRANSFERRED, Step.TRIAGE),
    (State.TRANSFERRED, Step.SETTLE),
    (State.DECLINED, Step.TRIAGE),
    (State.DECLINED, Step.SETTLE),
    (State.REOPENED, Step.TRIAGE),
    (State.REOPENED, Step.SETTLE),
}
GRID = [(state, step) for state in State for step in Step]


@pytest.mark.parametrize(("state", "step"), GRID)
def test_a_step_is_possible_until_the_complaint_has_gone_on(state: State, step: Step) -> None:
    if (state, step) in POSSIBLE:
        must_allow(state, step)
    else:
        with pytest.raises(Refusal) as refused:
            must_allow(state, step)
        assert refused.value.message.endswith("。")


@pytest.mark.parametrize("triage", [*Triage, None])
def test_only_a_general_one_is_settled_on_the_spot(triage: Triage | None) -> None:
    if triage is Triage.GENERAL:
        must_be_general(triage)
    else:
        with pytest.raises(Refusal, match="一般性"):
            must_be_general(triage)


@pytest.mark.parametrize(
    ("current", "to", "reason", "by_coordinator", "code"),
    [
        (Triage.GENERAL, Triage.HARD, "当场未能解决", False, None),
        (Triage.CANNOT, Triage.HARD, "情况复杂", True, None),
        (Triage.CANNOT, Triage.HARD, "情况复杂", False, "coordinator-only"),
        (Triage.GENERAL, Triage.HARD, None, True, "reason-missing"),
        (Triage.GENERAL, Triage.GENERAL, "再看", True, "same-triage"),
    ],
)
def test_a_second_triage_says_why_and_what_is_with_the_coordinator_is_his_to_correct(
    current: Triage, to: Triage, reason: str | None, by_coordinator: bool, code: str | None
) -> None:
    if code is None:
        must_allow_retriage(current, to, reason, by_coordinator=by_coordinator)
    else:
        with pytest.raises(Refusal) as refused:
            must_allow_retriage(current, to, reason, by_coordinator=by_coordinator)
        assert refused.value.code == code


def test_nobody_handles_a_complaint_about_himself() -> None:
    must_not_be_about("sq/zrzy", {"li", "李", None})
    must_not_be_about(None, {"li", None})
    with pytest.raises(Refusal, match="回避"):
        must_not_be_about("li", {"li", "李"})
