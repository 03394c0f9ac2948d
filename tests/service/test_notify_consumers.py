"""What notify does about what it hears: once, whatever the order, however often, and wherever it fails."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.notify import consumers, store
from services.notify.app import service
from services.notify.tables import Complaint, Leg, Message, Order, Petitioner
from services.notify.usecases import recording
from shared.events import dispatch, intake, sla
from shared.events.directory import PartnerChanged
from shared.events.dispatch import Party, Stage
from shared.messaging.tables import OutboxRow, ParkedRow
from shared.settings import settings
from tests.support.alone import Alone, at
from tests.support.told import (
    EXPECTED,
    PERSON,
    QUERY_CODE,
    ZJJ,
    ZRZY,
    Story,
    happened,
    let_know_departments,
    let_parked_finish,
    told,
)


@pytest.fixture
async def notify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 12:00")
        await alone.knows("sq", "sq-huaidian")
        await let_know_departments(alone)
        yield alone


async def rows(notify: Alone, table: type[Any]) -> list[Any]:
    async with notify.store.reading() as session:
        return list(await session.scalars(select(table).order_by(*table.__table__.primary_key)))


def everything_written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("notify.sqlite3*"))


async def test_everyone_is_told_everything_of_a_complaint_from_beginning_to_end(notify: Alone) -> None:
    await notify.hear_each(*Story().events)
    assert await told(notify) == EXPECTED
    assert await notify.parked() == 0


async def test_a_whole_complaint_in_one_batch_parks_nothing(notify: Alone) -> None:
    await notify.hear(*Story().events)
    assert await told(notify) == EXPECTED
    assert await rows(notify, ParkedRow) == []


async def test_events_heard_again_tell_nothing_again(notify: Alone) -> None:
    story = Story()
    for _ in range(3):
        await notify.hear(*story.events)
        await notify.hear_each(*story.events)
    assert await told(notify) == EXPECTED


@pytest.mark.parametrize("seed", range(5))
async def test_in_any_order_the_same_is_told(notify: Alone, seed: int) -> None:
    events = Story().events
    random.Random(seed).shuffle(events)
    await notify.hear_each(*events)
    await let_parked_finish(notify)
    assert await told(notify) == EXPECTED


async def test_complaints_mixed_in_one_batch_do_not_mix(notify: Alone) -> None:
    stories = [Story(number=f"SQ-2026-{n:04}") for n in range(1, 4)]
    await notify.hear(*(event for events in zip(*(story.events for story in stories), strict=True) for event in events))
    assert await told(notify) == Counter({what: 3 * times for what, times in EXPECTED.items()})
    numbers = {(message.complaint_id, message.params["number"]) for message in await rows(notify, Message)}
    assert numbers == {(story.id, f"SQ-2026-{n:04}") for n, story in enumerate(stories, start=1)}


async def test_a_clock_that_starts_before_its_dispatch_is_heard_waits_for_it(notify: Alone) -> None:
    story = Story()
    await notify.hear_each(story.registered, story.started)
    assert await notify.parked() == 1
    await notify.hear(story.dispatched)
    assert await notify.parked() == 0
    assert (await told(notify))["sq/zrzy: department.assigned"] == 1


async def test_a_second_dispatch_assigns_to_the_new_department_alone(notify: Alone) -> None:
    story = Story()
    again = story.of(
        dispatch.OrderDispatched,
        lead=ZJJ,
        co_handlers=[],
        leg=story.dispatched.leg.model_copy(update={"number": 2}),
    )
    clock = story.of(sla.ClockStarted, leg=2)
    await notify.hear_each(story.registered, story.dispatched, story.started, clock, again)
    assigned = [
        message.recipient for message in await rows(notify, Message) if message.template == "department.assigned"
    ]
    assert assigned == ["sq/zrzy", "sq/zjj", "sq/zjj"]


async def test_the_first_assignment_is_told_even_when_its_clock_is_heard_after_the_second_dispatch(
    notify: Alone,
) -> None:
    story = Story()
    again = story.of(
        dispatch.OrderDispatched, lead=ZJJ, co_handlers=[], leg=story.dispatched.leg.model_copy(update={"number": 2})
    )
    await notify.hear_each(story.registered, story.dispatched, again, story.started)
    assert (await told(notify))["sq/zrzy: department.assigned"] == 1


async def test_an_older_revision_changes_nothing_that_is_newer(notify: Alone) -> None:
    story = Story()
    transferred = story.of(dispatch.OrderTransferred, revision=2, from_center="sq", to_center="sq-huaidian")
    dispatched = story.of(
        dispatch.OrderDispatched,
        revision=3,
        handling_center="sq",
        lead=ZRZY,
        co_handlers=[],
        leg=story.dispatched.leg,
    )
    await notify.hear_each(story.registered, dispatched, transferred)
    (order,) = await rows(notify, Order)
    assert (order.handling_center, order.lead, order.revision) == ("sq", "sq/zrzy", 3)
    assert (await told(notify))["coordinator@sq-huaidian: coordinator.transferred-in"] == 1


async def test_after_a_transfer_the_other_center_is_told(notify: Alone) -> None:
    story = Story()
    transferred = story.of(dispatch.OrderTransferred, from_center="sq", to_center="sq-huaidian")
    proposed = story.of(dispatch.ConclusionProposed)
    await notify.hear_each(story.registered, transferred, story.of(dispatch.OutcomeRecorded), proposed)
    assert {"coordinator@sq-huaidian: coordinator.outcome", "head@sq-huaidian: head.to-approve"} <= set(
        await told(notify)
    )


async def test_a_handler_that_fails_half_way_leaves_nothing_and_is_tried_again(
    notify: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story()
    real = recording.record

    def fails_after_recording(*given: Any) -> None:
        real(*given)
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as broken:
        broken.setattr(consumers, "record", fails_after_recording)
        await notify.hear(story.registered)
        assert [await rows(notify, table) for table in (Complaint, Petitioner, Message)] == [[], [], []]
    await let_parked_finish(notify)
    assert len(await rows(notify, Complaint)) == 1
    assert sum((await told(notify)).values()) == 2


async def test_one_event_that_cannot_be_handled_does_not_hold_up_the_batch(notify: Alone) -> None:
    story, elsewhere = Story(), Story()
    stranger = elsewhere.registered.model_copy(update={"center": "sq-nowhere"})
    await notify.hear(story.registered, stranger, story.triaged)
    assert await notify.parked() == 1
    assert sum((await told(notify)).values()) == 3
    await notify.knows("sq-nowhere")
    assert await notify.parked() == 0
    assert sum((await told(notify)).values()) == 5


async def test_after_hours_the_petitioner_gets_the_emergency_channels(notify: Alone) -> None:
    await notify.hear(Story(at=at("11-28 21:00"), source="web").registered)
    (message,) = await rows(notify, Message)
    assert message.template == "petitioner.registered-after-hours"
    assert message.params["opens_at"] == "2026年11月30日08:30"


async def test_of_a_confidential_complaint_the_department_it_is_about_gets_no_name(notify: Alone) -> None:
    story = Story(confidential=True, about="自然资源局")
    await notify.hear(story.registered, story.dispatched, story.started)
    assigned = {m.recipient: m.template for m in await rows(notify, Message) if m.kind == "department"}
    assert assigned == {"sq/zrzy": "department.assigned-confidential", "sq/zjj": "department.assigned"}


async def test_in_confidence_a_departments_own_system_reads_nothing_that_names_the_petitioner(
    notify: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUSU_AMQP_URL", "amqp://nobody-listens")
    settings.cache_clear()
    for queue in ("department.sq.zrzy", "department.sq.zjj"):
        await notify.hear(happened(PartnerChanged, queue, name=queue, kind="department"))
    name = str(PERSON["name"])
    story = Story(confidential=True, about="自然资源局", content=f"我叫{name}，窗口三次不收材料。")
    again = story.of(dispatch.RedoStarted, round=2, leg=story.redone.leg, reason=f"{name}说没有解决。")
    await notify.hear(story.registered, story.dispatched, story.started, again)
    async with notify.store.reading() as session:
        sent = {(row.routing_key, row.kind): row.body.decode() for row in await session.scalars(select(OutboxRow))}
    named = {key for key, body in sent.items() if name in body}
    assert named == {("department.sq.zjj", "order.assigned.v1")}, sent.keys()
    assert "我叫某某" in sent["department.sq.zrzy", "order.assigned.v1"]
    assert "某某说没有解决" in sent["department.sq.zrzy", "order.returned.v1"]


async def test_what_is_personal_is_kept_sealed_and_in_one_table(notify: Alone, tmp_path: Path) -> None:
    story = Story()
    await notify.hear(*story.events)
    held = everything_written(tmp_path)
    assert story.registered.number.encode() in held
    assert not [secret for secret in (*filter(None, PERSON.values()), QUERY_CODE) if secret.encode() in held]
    sealed = story.registered.petitioner.name
    assert [row.name for row in await rows(notify, Petitioner)] == [sealed]
    assert all(sealed not in str(message.params) for message in await rows(notify, Message))


async def test_a_later_correction_replaces_an_earlier_and_no_earlier_a_later(notify: Alone) -> None:
    story = Story()
    first, second = (
        story.of(intake.PetitionerCorrected, revision=n, petitioner=story.sealed(name=name))
        for n, name in ((1, "孙巧灵"), (2, "孙巧玲"))
    )
    third, fourth = (story.of(intake.ComplaintCorrected, revision=n, content=f"第{n}稿") for n in (3, 4))
    await notify.hear_each(second, fourth, story.registered, first, third)
    (petitioner,) = await rows(notify, Petitioner)
    assert petitioner.name == second.petitioner.name
    async with notify.store.reading() as session:
        assert await store.contents(session, [story.id]) == {story.id: "第4稿"}


async def test_one_who_was_erased_is_not_brought_back_by_a_correction(notify: Alone) -> None:
    story = Story()
    await notify.hear(story.registered)
    async with notify.store.transaction() as session:
        petitioner = await session.get_one(Petitioner, story.id)
        petitioner.name = petitioner.phone = petitioner.address = petitioner.query_code = None
    await notify.hear(story.of(intake.PetitionerCorrected, petitioner=story.sealed()))
    assert [row.name for row in await rows(notify, Petitioner)] == [None]


async def test_a_rejected_submission_is_told_to_its_channel(notify: Alone) -> None:
    faults = [
        {"field": "content", "message": "诉求主要内容至少要有2个字，请补充完整。"},
        {"field": "petitioner.phone", "message": "不能是空号。"},
    ]
    rejected = happened(intake.SubmissionRejected, "record-1", source="hotline-12345", source_ref=None, faults=faults)
    await notify.hear(rejected)
    (message,) = await rows(notify, Message)
    assert (message.recipient, message.complaint_id) == ("hotline-12345", "record-1")
    assert message.params["faults"] == "原因：诉求主要内容至少要有2个字，请补充完整；联系电话：不能是空号。"


async def test_a_department_nobody_has_named_is_told_by_its_code(notify: Alone) -> None:
    story = Story()
    dispatched = story.dispatched.model_copy(update={"lead": Party(center="sq", department="new"), "co_handlers": []})
    await notify.hear(story.registered, dispatched, story.started)
    assert {m.params["departments"] for m in await rows(notify, Message) if "departments" in m.params} == {"sq/new"}
    (leg,) = await rows(notify, Leg)
    assert (leg.lead, leg.stage) == ("sq/new", Stage.REPLY)
