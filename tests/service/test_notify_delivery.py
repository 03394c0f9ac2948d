"""What must leave the house: handed to its provider once it is connected, tried again, and never lost from sight."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select, update

from services.notify import jobs
from services.notify.app import service
from services.notify.domain.means import ATTEMPTS, CONNECTED, Letter, Means
from services.notify.tables import Message, Petitioner
from services.notify.usecases import delivering
from shared import clock
from shared.events import intake
from shared.events.notify import MessageFailed
from shared.security.roles import Actor, Role
from tests.support.alone import Alone
from tests.support.gateway import Gateway
from tests.support.told import PERSON, QUERY_CODE, Story

COORDINATOR = Actor("coordinator-sq", "管理机构", Role.COORDINATOR, "sq")
OF_ANOTHER = Actor("coordinator-zhidian", "管理机构", Role.COORDINATOR, "sq-zhidian")
AUDITOR = Actor("auditor-sq", "审计", Role.AUDITOR, "sq")


@pytest.fixture
async def notify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 10:00")
        await alone.knows("sq")
        yield alone


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    gateway = Gateway()
    monkeypatch.setitem(CONNECTED, Means.SMS, gateway)
    return gateway


async def to_petitioner(notify: Alone) -> Message:
    async with notify.store.reading() as session:
        return (await session.scalars(select(Message).where(Message.kind == "petitioner"))).one()


async def let_pause_pass(notify: Alone) -> None:
    async with notify.store.transaction() as session:
        waits = Message.next_try_at.is_not(None)
        await session.execute(update(Message).where(waits).values(next_try_at=clock.machine_now()))


async def fail_for_good(notify: Alone, gateway: Gateway) -> None:
    gateway.answer = "number not in service"
    for _ in range(ATTEMPTS):
        await notify.do(jobs.deliver)
        await let_pause_pass(notify)


async def test_a_message_is_delivered_with_everything_in_its_place(notify: Alone, gateway: Gateway) -> None:
    await notify.hear(Story().registered)
    assert "deliver" in notify.woken
    notify.now("11-23 10:05")
    await notify.do(jobs.deliver)
    (letter,) = gateway.delivered
    assert letter.address == PERSON["phone"]
    assert letter.text == f"您的诉求已登记，编号SQ-2026-0001，查询码{QUERY_CODE}。凭编号和查询码可随时查询办理进度。"
    assert (letter.template, letter.params) == (
        "petitioner.registered",
        {"number": "SQ-2026-0001", "query_code": QUERY_CODE},
    )
    message = await to_petitioner(notify)
    assert (message.message_id, message.state, message.attempts) == (letter.message_id, "sent", 1)
    assert message.sent_at is not None
    assert f"{message.sent_at:%H:%M}" == "10:05"


async def test_what_is_sent_is_not_sent_again(notify: Alone, gateway: Gateway) -> None:
    await notify.hear(Story().registered)
    for _ in range(3):
        await notify.do(jobs.deliver)
    assert len(gateway.delivered) == 1


@pytest.mark.parametrize("breaks", [False, True], ids=["an error of one", "an exception for all"])
async def test_what_fails_waits_a_while_and_is_tried_again_under_the_same_id(
    notify: Alone, gateway: Gateway, breaks: bool
) -> None:
    await notify.hear(Story().registered)
    gateway.answer, gateway.breaks = "busy", breaks
    await notify.do(jobs.deliver)
    await notify.do(jobs.deliver)
    assert len(gateway.delivered) == 1, "it has to wait"
    message = await to_petitioner(notify)
    assert (message.state, message.attempts) == ("recorded", 1)
    assert message.error == ("ConnectionError('no route to the gateway')" if breaks else "busy")
    gateway.answer, gateway.breaks = None, False
    await let_pause_pass(notify)
    await notify.do(jobs.deliver)
    assert len({letter.message_id for letter in gateway.delivered}) == 1
    message = await to_petitioner(notify)
    assert (message.state, message.attempts, message.error) == ("sent", 2, None)


async def test_what_fails_for_good_stays_visible_and_is_announced_once(notify: Alone, gateway: Gateway) -> None:
    story = Story()
    await notify.hear(story.registered)
    await fail_for_good(notify, gateway)
    await notify.do(jobs.deliver)
    message = await to_petitioner(notify)
    assert (message.state, message.attempts, message.next_try_at) == ("failed", ATTEMPTS, None)
    (failed,) = await notify.told()
    assert isinstance(failed, MessageFailed)
    assert (failed.subject, failed.message_id, failed.recipient) == (story.id, message.message_id, "petitioner")
    assert (failed.about, failed.error) == ("诉求已登记", "number not in service")
    answer = await notify.ask("GET", "messages", COORDINATOR, params={"state": "failed"})
    assert answer.json()["total"] == 1


@pytest.mark.parametrize("missing", ["phone", "everything"])
async def test_one_without_a_phone_cannot_be_reached_and_holds_nobody_up(
    notify: Alone, gateway: Gateway, missing: str
) -> None:
    story = Story(person={"phone": None, "other_contact": "邻居转告"})
    await notify.hear(story.registered)
    if missing == "everything":
        async with notify.store.transaction() as session:
            row = await session.get_one(Petitioner, story.id)
            row.name = row.phone = None
    await notify.do(jobs.deliver)
    assert gateway.delivered == []
    assert (await to_petitioner(notify)).error == "no phone"


async def test_a_provider_that_forgets_one_is_asked_again(notify: Alone, gateway: Gateway) -> None:
    class Forgets(Gateway):
        async def deliver(self, letters: Sequence[Letter]) -> Mapping[str, str | None]:
            return {}

    await notify.hear(Story().registered)
    await notify.do(lambda session: delivering.deliver(session, {Means.SMS: Forgets()}))
    message = await to_petitioner(notify)
    assert (message.state, message.error) == ("recorded", "no answer from the provider")


async def test_a_full_batch_asks_for_another_run(
    notify: Alone, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "AT_ONCE", 2)
    await notify.hear(*(Story(number=f"SQ-2026-{n:04}").registered for n in range(3)))
    for delivered, asks in ((2, True), (3, False)):
        notify.woken.clear()
        await notify.do(jobs.deliver)
        assert len(gateway.delivered) == delivered
        assert ("deliver" in notify.woken) == asks


async def test_without_a_provider_nothing_waits_and_nothing_is_called_sent(notify: Alone) -> None:
    await notify.hear(Story().registered)
    assert "deliver" not in notify.woken
    await notify.do(jobs.deliver)
    message = await to_petitioner(notify)
    assert (message.state, message.attempts, message.next_try_at) == ("recorded", 0, None)


async def test_what_was_recorded_before_its_provider_was_connected_is_sent_when_asked_for(
    notify: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await notify.hear(Story().registered)
    gateway = Gateway()
    monkeypatch.setitem(CONNECTED, Means.SMS, gateway)
    await notify.do(jobs.deliver)
    assert gateway.delivered == []
    message = await to_petitioner(notify)
    answer = await notify.ask("POST", f"messages/{message.message_id}/retry", COORDINATOR)
    assert (answer.status_code, answer.json()["state"]) == (200, "recorded")
    assert answer.json()["next_try_at"] is not None
    await notify.do(jobs.deliver)
    assert len(gateway.delivered) == 1


async def test_a_failed_one_tried_again_has_all_its_tries_again(notify: Alone, gateway: Gateway) -> None:
    await notify.hear(Story().registered)
    await fail_for_good(notify, gateway)
    message = await to_petitioner(notify)
    answer = await notify.ask("POST", f"messages/{message.message_id}/retry", COORDINATOR)
    assert (answer.status_code, answer.json()["attempts"], answer.json()["error"]) == (200, 0, None)
    gateway.answer = None
    await notify.do(jobs.deliver)
    assert (await to_petitioner(notify)).state == "sent"


async def test_a_retry_is_refused_where_it_makes_no_sense(notify: Alone) -> None:
    await notify.hear(Story().registered)
    message = await to_petitioner(notify)
    path = f"messages/{message.message_id}/retry"
    refusals = {
        "no-provider": await notify.ask("POST", path, COORDINATOR),
        "other-center": await notify.ask("POST", path, OF_ANOTHER),
        "not-allowed": await notify.ask("POST", path, AUDITOR),
        "no-such-message": await notify.ask("POST", "messages/none/retry", COORDINATOR),
    }
    assert {code: answer.json()["code"] for code, answer in refusals.items()} == {code: code for code in refusals}
    assert [answer.status_code for answer in refusals.values()] == [409, 403, 403, 404]


async def test_a_corrected_phone_is_the_one_used(notify: Alone, gateway: Gateway) -> None:
    story = Story()
    corrected = story.of(intake.PetitionerCorrected, petitioner=story.sealed(phone="19900001999"))
    await notify.hear(story.registered, corrected)
    await notify.do(jobs.deliver)
    assert [letter.address for letter in gateway.delivered] == ["19900001999"]
