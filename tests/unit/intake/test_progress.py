"""What a petitioner is told of each state: one step is where it stands, and nothing of what goes on inside."""

from datetime import datetime

import pytest

from services.intake.domain.names import Names
from services.intake.domain.progress import Look, outcome, progress, said
from services.intake.domain.row import Row
from services.intake.domain.states import State
from shared.events.dispatch import Final, Party
from shared.workdays import CHINA

AT = datetime(2026, 9, 28, 10, tzinfo=CHINA)
NAMES = Names(departments={"sq/zrzy": "县自然资源局"})
LEAD = Party(center="sq", department="zrzy")


def row(state: State, **changed: object) -> Row:
    blank = dict.fromkeys(
        ("triage", "final", "lead", "helped_by", "unit", "channel", "due_at", "done_at", "outcome", "followed_up_at",
         "satisfaction", "overran", "closing")
    )  # fmt: skip
    lists: dict[str, object] = {
        name: [] for name in ("co_handlers", "sent_at", "limits", "urged_at", "supervised_at", "reported_at", "again")
    }
    given = blank | lists | {
        "complaint_id": "1", "number": "SQ-2026-0001", "center": "sq", "shown_in": ["sq"], "registered_at": AT,
        "category": "complaint", "content": "路灯坏了。", "state": state, "overdue": False, "missed_first_date": False,
        "source": "web",
    }  # fmt: skip
    return Row.model_validate(given | changed)


@pytest.mark.parametrize("state", State)
def test_every_state_stands_at_one_step_or_behind_them_all(state: State) -> None:
    steps = progress(row(state, final=Final.ZEROED if state is State.CLOSED else None), NAMES)
    looks = [step.look for step in steps]
    assert looks == sorted(looks, key=[Look.DONE, Look.NOW, Look.AHEAD].index)
    assert looks.count(Look.NOW) == (0 if state is State.CLOSED else 1)
    assert said(row(state), NAMES)


def test_who_handles_it_is_named_and_an_unchecked_result_is_not_told() -> None:
    handling = row(State.ANSWERED, lead=LEAD, co_handlers=[LEAD], sent_at=[AT], outcome="已办结。")
    assert said(handling, NAMES) == "正由县自然资源局牵头办理"
    assert progress(handling, NAMES)[1].details == "牵头部门：县自然资源局"
    assert outcome(handling) == ""
    assert outcome(row(State.PASSED, outcome="已办结。")) == "已办结。"
    assert outcome(row(State.PLANNED, outcome="下月完成。")) == "下月完成。"


def test_what_was_settled_on_the_spot_has_no_department_on_its_way() -> None:
    steps = progress(row(State.SETTLED, done_at=AT), NAMES)
    assert [step.title for step in steps] == ["已受理", "当场办结", "质检与回访", "满意后销号"]
    assert progress(row(State.CLOSED, final=Final.WITHDRAWN), NAMES)[-1].title == "诉求人撤回"
