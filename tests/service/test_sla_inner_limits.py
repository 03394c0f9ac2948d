"""What sla keeps and tells of the office's own limits (mechanism §3, **Decided**)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from services.sla import store, usecases
from services.sla.app import service
from shared.events import Event
from shared.events.directory import CenterChanged
from shared.events.dispatch import (
    EscalationReported,
    LetterIssued,
    OrderClosed,
    OrderDispatched,
    OrderFollowedUp,
    OrderRecalled,
    OrderReferred,
    OrderTransferred,
    OutcomeRecorded,
    Satisfaction,
)
from shared.events.intake import ComplaintRegistered, ComplaintSettled, ComplaintTriaged, Triage
from shared.events.sla import ReminderDue, Step
from shared.ids import new_id
from shared.security.roles import Actor, Role
from tests.support.alone import Alone, at
from tests.support.examples import example

AUDITOR = Actor("auditor-sq", "审计", Role.AUDITOR, "sq")


@pytest.fixture
async def sla(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        await alone.knows("sq", "sq-zhidian")
        yield alone


class Told:
    """The events of one complaint."""

    def __init__(self) -> None:
        self.id, self.revision = new_id(), 0

    def __call__(self, event: type[Event], when: str, /, **given: Any) -> Any:
        if "revision" in event.model_fields:
            self.revision += 1
            given["revision"] = self.revision
        return example(event, at=at(when), subject=self.id, event_id=new_id(), **given)


async def pass_time(sla: Alone, *instants: str) -> None:
    for instant in instants:
        sla.now(instant)
        await sla.do(usecases.fire_due)


async def reminders(sla: Alone) -> list[tuple[Step, str, str, int]]:
    return [(e.step, e.office, e.to, e.times) for e in await sla.told() if isinstance(e, ReminderDue)]


async def next_fire(sla: Alone) -> datetime | None:
    async with sla.store.reading() as session:
        return await store.next_fire_at(session)


async def listed(sla: Alone, **asked: Any) -> dict[str, Any]:
    answer = await sla.ask("GET", "inner-limits", AUDITOR, params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_complaint_nobody_sorts_is_reminded_of_twice_and_then_rests(sla: Alone) -> None:
    told = Told()
    await sla.hear(told(ComplaintRegistered, "11-23 09:00"))
    await pass_time(sla, "11-23 11:00")
    assert await reminders(sla) == []
    await pass_time(sla, "11-23 11:01", "11-23 11:02", "11-23 15:31", "11-30 09:00")
    assert await reminders(sla) == [(Step.TRIAGE, "sq", "coordinator", 1), (Step.TRIAGE, "sq", "head", 2)]
    assert await next_fire(sla) is None


async def test_what_is_done_in_time_is_never_reminded_of(sla: Alone) -> None:
    told = Told()
    await sla.hear(told(ComplaintRegistered, "11-23 09:00"))
    await sla.hear(told(ComplaintTriaged, "11-23 09:30", triage=Triage.GENERAL))
    await sla.hear(told(ComplaintSettled, "11-23 10:00"))
    await sla.hear(told(OrderFollowedUp, "11-23 10:30"), told(OrderClosed, "11-23 10:30"))
    await pass_time(sla, "12-23 09:00")
    assert await reminders(sla) == []
    assert await next_fire(sla) is None
    figures = (await listed(sla, center="sq"))["figures"]
    assert [(each["step"], each["count"], each["open"], each["late"]) for each in figures] == [
        ("follow_up", 1, 0, 0),
        ("settle", 1, 0, 0),
        ("triage", 1, 0, 0),
    ]


async def test_a_referral_is_chased_until_its_outcome(sla: Alone) -> None:
    told = Told()
    await sla.hear(
        told(ComplaintTriaged, "11-23 09:00", triage=Triage.OUT_OF_SCOPE), told(OrderReferred, "11-23 09:00")
    )
    await pass_time(sla, "12-01 09:00", "12-08 09:00", "12-15 09:00")
    assert [(step, times) for step, _, _, times in await reminders(sla)] == [(Step.REFERRAL, n) for n in (1, 2, 3)]
    await sla.hear(told(OutcomeRecorded, "12-16 09:00"), told(OrderClosed, "12-16 09:00"))
    assert await next_fire(sla) is None


async def test_a_referral_that_is_taken_back_is_chased_no_more_and_waits_to_be_dispatched(sla: Alone) -> None:
    told = Told()
    await sla.hear(
        told(ComplaintTriaged, "11-23 09:00", triage=Triage.OUT_OF_SCOPE), told(OrderReferred, "11-23 09:00")
    )
    await sla.hear(told(OrderRecalled, "11-24 09:00"))
    await pass_time(sla, "11-24 15:31", "12-08 09:00")
    assert [(step, to) for step, _, to, _ in await reminders(sla)] == [
        (Step.DISPATCH, "coordinator"),
        (Step.DISPATCH, "head"),
    ]


async def test_a_transfer_is_reminded_of_where_it_went(sla: Alone) -> None:
    told = Told()
    await sla.hear(
        told(ComplaintTriaged, "11-23 09:00", triage=Triage.HARD),
        told(OrderTransferred, "11-23 09:30", from_center="sq", to_center="sq-zhidian"),
    )
    await pass_time(sla, "11-24 09:00")
    assert await reminders(sla) == [(Step.ACCEPT, "sq-zhidian", "coordinator", 1)]
    [late] = (await listed(sla, center="sq-zhidian", open=True))["limits"]
    assert late["late"]
    assert late["reminded"] == 1
    assert [each["office"] for each in (await listed(sla, open=False))["limits"]] == ["sq"]


async def test_who_was_called_in_vain_is_still_to_be_followed_up_until_it_is_closed(sla: Alone) -> None:
    told = Told()
    await sla.hear(told(ComplaintSettled, "11-23 10:00"))
    await sla.hear(told(OrderFollowedUp, "11-23 15:00", satisfaction=Satisfaction.UNREACHABLE))
    await pass_time(sla, "11-24 17:31")
    assert await reminders(sla) == [(Step.FOLLOW_UP, "sq", "coordinator", 1)]
    vain = told(OrderFollowedUp, "11-25 09:00", satisfaction=Satisfaction.UNREACHABLE)
    await sla.hear(vain, told(OrderClosed, "11-25 09:00"))
    assert await next_fire(sla) is None
    [figure] = (await listed(sla, center="sq"))["figures"]
    assert (figure["step"], figure["count"], figure["open"], figure["late"]) == ("follow_up", 1, 0, 1)


async def test_letters_of_two_legs_are_signed_and_reminded_of_each_by_itself(sla: Alone) -> None:
    told = Told()
    for leg, when in ((1, "11-23 09:00"), (2, "11-26 09:00")):
        dispatched = told(OrderDispatched, when)
        begun = dispatched.leg.model_copy(update={"number": leg, "starts_at": at(when)})
        await sla.hear(dispatched.model_copy(update={"leg": begun}))
    await sla.hear(*(told(EscalationReported, f"11-{day} 10:00", leg=leg) for leg, day in ((1, 26), (2, 30))))
    await sla.hear(told(LetterIssued, "11-30 11:00", leg=1, kind="copy", left=0))
    await pass_time(sla, "12-01 17:31")
    assert [(step, times) for step, _, _, times in await reminders(sla) if step is Step.SIGN] == [(Step.SIGN, 1)]
    [limit] = [each for each in (await listed(sla, center="sq", open=True))["limits"] if each["step"] == "sign"]
    assert limit["started_at"] == at("11-30 10:00").isoformat()
    await sla.hear(told(LetterIssued, "12-01 18:00", leg=2, kind="copy", left=0))
    assert not [each for each in (await listed(sla, open=True))["limits"] if each["step"] == "sign"]


async def test_a_township_reads_its_own_only(sla: Alone) -> None:
    assert (await sla.ask("GET", "inner-limits", None)).status_code == 401
    await sla.hear(example(CenterChanged, subject="sq-fujing", center="sq-fujing", parent="sq"))
    township = Actor("clerk", "张敏", Role.CLERK, "sq-fujing")
    assert (await sla.ask("GET", "inner-limits", township, params={"center": "sq"})).status_code == 403
    assert (await sla.ask("GET", "inner-limits", township)).status_code == 200


@pytest.mark.parametrize("seed", range(4))
async def test_shuffled_and_tripled_it_comes_to_the_same(sla: Alone, seed: int) -> None:
    told = Told()
    events = [
        told(ComplaintRegistered, "11-23 09:00"),
        told(ComplaintTriaged, "11-23 14:30", triage=Triage.OUT_OF_SCOPE),
        told(OrderReferred, "11-23 15:00"),
        told(OutcomeRecorded, "11-24 09:00"),
        told(OrderFollowedUp, "11-24 10:00"),
        told(OrderClosed, "11-24 10:00"),
    ]
    arrived = events * 3
    Random(seed).shuffle(arrived)
    await sla.hear_each(*arrived)
    found = (await listed(sla))["limits"]
    assert [(each["step"], each["late"]) for each in found] == [
        ("triage", True),
        ("dispatch", False),
        ("follow_up", False),
        ("referral", False),
    ]
    assert await next_fire(sla) is None
