"""Only who owes an answer is told by when; in a redo all do (mechanism §4, §7)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.notify.app import service
from services.notify.tables import Message
from shared.events import dispatch, intake, sla
from shared.events.dispatch import Party, ReplyKind, Stage
from tests.support.alone import Alone
from tests.support.examples import example
from tests.support.told import ZJJ, ZRZY, Story, let_know_departments

SWJ = Party(center="sq", department="swj")


@pytest.fixture
async def notify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 12:00")
        await alone.knows("sq")
        await let_know_departments(alone)
        yield alone


def _leg(number: int, stage: Stage, **changed: Any) -> Any:
    return example(dispatch.OrderDispatched).leg.model_copy(update={"number": number, "stage": stage, **changed})


class Together(Story):
    """One lead and two co-handlers."""

    def answers(self, party: Party, **given: Any) -> Any:
        usual = {"kind": ReplyKind.RESULT, "is_lead": False, "needs_consent": False, "next_leg": None, "leg": 1}
        return self.of(dispatch.OrderReplied, party=party, round=1, **usual | given)

    def plans(self, number: int = 2, **leg: Any) -> Any:
        return self.answers(ZRZY, is_lead=True, kind=ReplyKind.PLAN, next_leg=_leg(number, Stage.RESULT, **leg))


async def told_of(notify: Alone, template: str = "department.leg-due") -> list[str]:
    """Which departments were told this: unless asked otherwise, when a further leg is due."""
    async with notify.store.reading() as session:
        return sorted(await session.scalars(select(Message.recipient).where(Message.template == template)))


async def in_three(notify: Alone) -> Together:
    """Dispatched to a lead and two co-handlers, who have been told."""
    story = Together()
    dispatched = story.dispatched.model_copy(update={"co_handlers": [ZJJ, SWJ]})
    await notify.hear_each(story.registered, dispatched, story.started)
    return story


async def test_who_answered_before_the_plan_is_not_told_when_the_result_is_due(notify: Alone) -> None:
    story = await in_three(notify)
    await notify.hear_each(story.answers(ZJJ), story.plans(), story.of(sla.ClockStarted, leg=2))
    assert await told_of(notify) == ["sq/swj", "sq/zrzy"]


async def test_who_was_overruled_before_the_plan_is_not_told_when_the_result_is_due(notify: Alone) -> None:
    story = await in_three(notify)
    overruled = story.of(dispatch.HoldOverruled, parties=[SWJ], leg=1)
    await notify.hear_each(overruled, story.plans(), story.of(sla.ClockStarted, leg=2))
    assert await told_of(notify) == ["sq/zjj", "sq/zrzy"]


async def test_where_no_co_handler_owes_an_answer_the_lead_alone_is_told_whatever_was_heard(notify: Alone) -> None:
    story = await in_three(notify)
    await notify.hear_each(story.plans(has_co_handlers=False), story.of(sla.ClockStarted, leg=2))
    assert await told_of(notify) == ["sq/zrzy"]


async def test_an_answer_that_came_after_the_plan_and_is_heard_before_it_keeps_nobody_uninformed(
    notify: Alone,
) -> None:
    story = await in_three(notify)
    planned, started, answered = story.plans(), story.of(sla.ClockStarted, leg=2), story.answers(ZJJ)
    await notify.hear_each(answered, planned, started)
    assert await told_of(notify) == ["sq/swj", "sq/zjj", "sq/zrzy"]


async def test_in_a_redo_all_owe_again_and_are_told_so_and_by_when(notify: Alone) -> None:
    story = await in_three(notify)
    answered, redone = story.answers(ZJJ), story.of(dispatch.RedoStarted, round=2, leg=_leg(2, Stage.REPLY))
    await notify.hear_each(answered, redone, story.of(sla.ClockStarted, leg=2))
    assert await told_of(notify) == ["sq/swj", "sq/zjj", "sq/zrzy"]
    assert await told_of(notify, "department.redo") == ["sq/swj", "sq/zjj", "sq/zrzy"]

    await notify.hear_each(story.answers(SWJ, leg=2), story.plans(3), story.of(sla.ClockStarted, leg=3))
    assert (await told_of(notify)).count("sq/swj") == 1
    assert (await told_of(notify)).count("sq/zjj") == 2


async def test_a_nudge_reaches_the_departments_that_owe_an_answer(notify: Alone) -> None:
    story = await in_three(notify)
    await notify.hear_each(story.answers(ZJJ), story.of(intake.ComplaintNudged, with_departments=True))
    assert await told_of(notify, "department.nudged") == ["sq/swj", "sq/zrzy"]
