"""Where an order stands and what may be done there: the whole grid (mechanism §3 to §7)."""

from itertools import product

import pytest

from services.dispatch.domain.states import (
    ALLOWED,
    Action,
    State,
    Then,
    Way,
    after_answer,
    after_check,
    after_follow_up,
    after_triage,
    must_allow,
    must_be_dispatchable,
    must_be_out_of_scope,
    must_lead_there,
)
from shared.events.dispatch import Final, ReplyKind, Satisfaction
from shared.events.intake import Triage
from shared.refusals import Invalid, NotPossible, Refusal

GRID = """
          on_spot pending referred handling checking following_up concluding approving closed
triage    yes     yes     -        -        -        -            -          -         -
settle    yes     yes     -        -        -        -            -          -         -
dispatch  -       yes     -        -        -        -            -          -         -
transfer  -       yes     -        -        -        -            -          -         -
refer     -       yes     yes      -        -        -            -          -         -
direct    -       yes     -        -        -        -            -          -         -
outcome   -       -       yes      -        -        -            -          -         -
recall    -       -       yes      -        -        -            -          -         -
sign      -       -       -        yes      -        -            -          -         -
reply     -       -       -        yes      -        -            -          -         -
urge      -       -       -        yes      -        -            -          -         -
supervise -       -       -        yes      -        -            -          -         -
check     -       -       -        -        yes      -            -          -         -
follow-up -       -       -        -        -        yes          yes        -         -
conclude  -       -       -        -        -        -            yes        -         -
approve   -       -       -        -        -        -            -          yes       -
decline   -       -       -        yes      -        -            -          -         -
uphold    -       -       -        yes      -        -            -          -         -
extend    -       -       -        yes      -        -            -          -         -
grant     -       -       -        yes      -        -            -          -         -
consent   -       -       -        yes      -        -            -          -         -
overrule  -       -       -        yes      -        -            -          -         -
study     -       yes     yes      yes      yes      -            yes        -         -
join      -       yes     -        yes      -        -            -          -         -
nudge     yes     yes     yes      yes      yes      yes          yes        yes       -
withdraw  yes     yes     yes      yes      yes      yes          yes        yes       -
confirm   yes     yes     yes      yes      yes      yes          yes        yes       -
reopen    -       -       -        -        -        -            -          -         yes
clue      yes     yes     yes      yes      yes      yes          yes        yes       yes
"""


def _grid() -> dict[tuple[State, Action], bool]:
    head, *lines = [line.split() for line in GRID.strip().splitlines()]
    return {(State(s), Action(line[0])): yes == "yes" for line in lines for s, yes in zip(head, line[1:], strict=True)}


def test_the_grid_is_whole() -> None:
    assert _grid().keys() == set(product(State, Action))
    assert ALLOWED.keys() == set(State)


@pytest.mark.parametrize(("state", "action"), list(product(State, Action)))
def test_an_action_is_done_where_it_is_allowed_and_refused_elsewhere(state: State, action: Action) -> None:
    if _grid()[state, action]:
        must_allow(state, action)
        return
    with pytest.raises(NotPossible) as refused:
        must_allow(state, action)
    assert refused.value.code == "not-in-this-state"
    assert refused.value.message.endswith("。")


@pytest.mark.parametrize("triage", Triage)
def test_what_is_general_stays_at_the_window_and_the_rest_goes_to_the_coordinator(triage: Triage) -> None:
    assert after_triage(triage) is (State.ON_SPOT if triage is Triage.GENERAL else State.PENDING)


@pytest.mark.parametrize("triage", Triage)
def test_departments_get_what_departments_can_do_and_other_units_the_rest(triage: Triage) -> None:
    if triage in (Triage.GENERAL, Triage.OUT_OF_SCOPE):
        with pytest.raises(NotPossible, match="不分办"):
            must_be_dispatchable(triage)
    else:
        must_be_dispatchable(triage)
    if triage is Triage.OUT_OF_SCOPE:
        must_be_out_of_scope(triage)
    else:
        with pytest.raises(NotPossible, match="属于政务服务范围"):
            must_be_out_of_scope(triage)


@pytest.mark.parametrize("action", [Action.REFER, Action.DIRECT])
@pytest.mark.parametrize("way", ["refer", "direct", None])
def test_a_unit_is_reached_the_way_that_leads_there(action: Action, way: str | None) -> None:
    if way in (None, action.value):
        must_lead_there(action, "沈丘县水利局", way)
    else:
        with pytest.raises(Invalid) as refused:
            must_lead_there(action, "沈丘县水利局", way)
        assert refused.value.message.endswith("。")


@pytest.mark.parametrize("unit", ["县人民法院", "劳动争议仲裁院", "司法局行政复议科", "县纪委监委", "市信访局"])
def test_a_unit_nobody_has_told_of_is_known_by_its_name(unit: str) -> None:
    must_lead_there(Action.DIRECT, unit, None)
    must_lead_there(Action.REFER, unit, "refer")  # the directory's word stands above its name
    with pytest.raises(Invalid, match="不函转"):
        must_lead_there(Action.REFER, unit, None)


@pytest.mark.parametrize(
    ("kind", "state"),
    [(ReplyKind.PLAN, State.HANDLING), (ReplyKind.RESULT, State.CHECKING), (ReplyKind.REASONS, State.CHECKING)],
)
def test_a_plan_goes_on_and_every_other_answer_is_checked(kind: ReplyKind, state: State) -> None:
    assert after_answer(kind) is state


def test_a_check_passes_on_or_returns() -> None:
    assert after_check(passed=True) is State.FOLLOWING_UP
    assert after_check(passed=False) is State.HANDLING


CONTENT = (Satisfaction.SATISFIED, Satisfaction.BASICALLY_SATISFIED)
END = {
    Way.DISPATCHED: Final.ZEROED,
    Way.SETTLED: Final.ZEROED,
    Way.REFERRED: Final.REFERRED_CLOSED,
    Way.DIRECTED: Final.DIRECTED,
}
REDONE = {
    Way.DISPATCHED: State.HANDLING,
    Way.SETTLED: State.ON_SPOT,
    Way.REFERRED: State.REFERRED,
    Way.DIRECTED: State.PENDING,
}


def _expected(
    state: State, way: Way, said: Satisfaction, then: Then | None
) -> tuple[State, Final | None] | type[Refusal]:
    if said in CONTENT:
        return Invalid if then else (State.CLOSED, END[way])
    if said is Satisfaction.UNREACHABLE:
        if then is Then.CONCLUDE and state is State.CONCLUDING:
            return NotPossible  # he was reached in this round, and is dissatisfied: that takes a second person
        ends = {None: (state, None), Then.CONCLUDE: (State.CLOSED, Final.CONCLUDED_UNREACHABLE)}
        return ends.get(then, Invalid)
    goes_on = {Then.REDO: (REDONE[way], None), Then.CONCLUDE: (State.CONCLUDING, None)}
    return goes_on[then] if then else Invalid


@pytest.mark.parametrize(
    ("state", "way", "said", "then"),
    list(product((State.FOLLOWING_UP, State.CONCLUDING), Way, Satisfaction, (None, *Then))),
)
def test_a_follow_up_leads_where_the_petitioner_and_the_coordinator_say(
    state: State, way: Way, said: Satisfaction, then: Then | None
) -> None:
    expected = _expected(state, way, said, then)
    if isinstance(expected, tuple):
        assert after_follow_up(state, way, said, then) == expected
        return
    with pytest.raises(expected) as refused:
        after_follow_up(state, way, said, then)
    assert refused.value.message.endswith("。")
    assert [fault.field for fault in refused.value.errors] == (["then"] if expected is Invalid else [])
