"""多人同诉: which complaints are handled as one, which go where the leading one goes, and who leads after it."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from services.dispatch.domain import together
from services.dispatch.domain.states import State
from services.dispatch.domain.together import Side
from shared.events.dispatch import Party
from shared.events.intake import Triage
from shared.refusals import Invalid

ZRZY, ZJJ = Party(center="sq", department="zrzy"), Party(center="sq", department="zjj")
LEADING = Side("1", State.HANDLING, Triage.HARD, "sq", ZRZY, is_joined=False, leads_others=False)
ONE = replace(LEADING, complaint_id="2")


@pytest.mark.parametrize("state", [State.PENDING, State.HANDLING])
def test_what_is_sorted_alike_at_one_center_is_joined_before_or_after_its_dispatch(state: State) -> None:
    lead = ZRZY if state is State.HANDLING else None
    together.must_be_joinable(replace(ONE, state=state, lead=lead), LEADING)


@pytest.mark.parametrize(
    ("one", "leading", "sentence"),
    [
        ({"complaint_id": "1"}, {}, "不能与自己合并"),
        ({}, {"is_joined": True}, "该件已并入其他诉求办理"),
        ({"is_joined": True}, {}, "本件已经合并办理"),
        ({"leads_others": True}, {}, "本件已经合并办理"),
        ({"handling_center": "sq-zhidian"}, {}, "该件由其他中心办理"),
        ({}, {"state": State.PENDING, "lead": None}, "主办件应当正由部门办理"),
        ({}, {"state": State.CLOSED, "lead": None}, "主办件应当正由部门办理"),
        ({"triage": Triage.CANNOT}, {}, "研判分类不一致"),
        ({"lead": ZJJ}, {}, "牵头部门不一致"),
    ],
)
def test_what_is_not_one_handling_is_not_joined(one: dict[str, Any], leading: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        together.must_be_joinable(replace(ONE, **one), replace(LEADING, **leading))


@pytest.mark.parametrize(
    ("state", "triage", "center"), list(product(State, (Triage.HARD, Triage.CANNOT), ("sq", "sq-zhidian")))
)
def test_only_what_is_under_review_and_still_alike_goes_along(state: State, triage: Triage, center: str) -> None:
    one = replace(ONE, state=state, triage=triage, handling_center=center)
    expected = (state, triage, center) == (State.PENDING, Triage.HARD, "sq")
    assert together.goes_along(one, replace(LEADING, state=State.PENDING, lead=None)) is expected


def test_the_first_that_came_in_leads_those_that_stand_where_it_stands() -> None:
    third, second, under_review = (replace(ONE, complaint_id=each) for each in "324")
    under_review = replace(under_review, state=State.PENDING, lead=None)
    elsewhere = replace(ONE, complaint_id="5", lead=ZJJ)
    assert together.succession([third, elsewhere, under_review, second]) == ("2", {"3"})


@pytest.mark.parametrize("state", sorted(set(State) - {State.PENDING, State.HANDLING}))
def test_what_is_answered_already_or_at_the_window_leads_nobody(state: State) -> None:
    assert together.succession([replace(ONE, state=state, lead=None)]) == (None, frozenset())


def test_of_none_there_is_none_to_lead() -> None:
    assert together.succession([]) == (None, frozenset())
