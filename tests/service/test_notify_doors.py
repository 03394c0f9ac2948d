"""Looking messages up: by whom, how many, and with nothing personal in sight."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.notify.app import service
from services.notify.tables import Petitioner
from shared.events import dispatch, intake
from shared.events.directory import CenterChanged
from shared.security.roles import MAY, Action, Actor, Role
from shared.workdays import Calendar
from tests.support.alone import Alone
from tests.support.told import EXPECTED, PERSON, QUERY_CODE, Story, happened, let_know_departments

COORDINATOR = Actor("coordinator-sq", "管理机构", Role.COORDINATOR, "sq")
HEAD = Actor("head-sq", "负责人", Role.HEAD, "sq")
OF_TOWNSHIP = Actor("coordinator-huaidian", "管理机构", Role.COORDINATOR, "sq-huaidian")
OF_ANOTHER = Actor("coordinator-zhidian", "管理机构", Role.COORDINATOR, "sq-zhidian")
AUDITOR = Actor("auditor-sq", "审计", Role.AUDITOR, "sq")


@pytest.fixture
async def notify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 12:00")
        facts = Calendar().to_facts()
        for code in ("sq", "sq-huaidian", "sq-zhidian"):
            parent = None if code == "sq" else "sq"
            await alone.hear(happened(CenterChanged, code, center=code, parent=parent, calendar=facts))
        await let_know_departments(alone)
        yield alone


async def asked(notify: Alone, actor: Actor, **params: Any) -> dict[str, Any]:
    answer = await notify.ask("GET", "messages", actor, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_total_of_a_complaint_is_exact_whatever_the_page_holds(notify: Alone) -> None:
    story, other = Story(), Story(number="SQ-2026-0002")
    await notify.hear(*story.events, other.registered)
    for limit in (1, 10, 200):
        page = await asked(notify, COORDINATOR, complaint_id=story.id, limit=limit)
        assert page["total"] == EXPECTED.total()
        assert len(page["messages"]) == min(limit, EXPECTED.total())
    assert (await asked(notify, COORDINATOR, complaint_id=other.id))["total"] == 2


async def test_page_after_page_shows_every_message_once_the_newest_first(notify: Alone) -> None:
    story = Story()
    await notify.hear(*story.events)
    seen: list[str] = []
    while page := (await asked(notify, AUDITOR, limit=7, **({"before": seen[-1]} if seen else {})))["messages"]:
        seen += [message["id"] for message in page]
    assert len(set(seen)) == EXPECTED.total()
    assert seen == sorted(seen, reverse=True)


async def test_messages_are_found_by_state_and_recipient(notify: Alone) -> None:
    story = Story()
    await notify.hear(story.registered, story.triaged)
    of_office = await asked(notify, COORDINATOR, recipient="coordinator@sq")
    assert [message["template"] for message in of_office["messages"]] == ["coordinator.to-review"]
    assert of_office["total"] == 1
    standing = await asked(notify, COORDINATOR, complaint_id=story.id, state="recorded")
    assert [message["recipient"] for message in standing["messages"]] == ["petitioner"]
    assert (await asked(notify, COORDINATOR, state="failed"))["total"] == 0


async def test_what_would_be_dear_to_count_is_not_counted(notify: Alone) -> None:
    await notify.hear(Story().registered)
    page = await asked(notify, COORDINATOR, state="sent")
    assert page["total"] is None
    assert len(page["messages"]) == 1


async def test_a_message_says_what_became_of_it(notify: Alone) -> None:
    story = Story()
    now = notify.now("11-23 14:45")
    await notify.hear(story.registered)
    to_channel, to_petitioner = (await asked(notify, COORDINATOR, complaint_id=story.id))["messages"]
    assert (to_channel["means"], to_channel["state"], to_channel["sent_at"]) == ("console", "sent", now.isoformat())
    assert to_channel["text"] == "来件HL2026112300001已登记，编号SQ-2026-0001。"
    assert (to_petitioner["means"], to_petitioner["state"], to_petitioner["sent_at"]) == ("sms", "recorded", None)
    assert to_petitioner["at"] == story.registered.at.isoformat()
    assert to_petitioner["title"] == "诉求已登记"


async def test_what_is_personal_is_masked(notify: Alone) -> None:
    story = Story(content="我是孙巧玲的儿子，请打19900001001。")
    await notify.hear(*story.events)
    told = (await asked(notify, AUDITOR, complaint_id=story.id, limit=200))["messages"]
    text = "".join(message["text"] for message in told)
    secrets = [PERSON["name"], PERSON["phone"], PERSON["address"], QUERY_CODE]
    assert not [secret for secret in secrets if secret and secret in text]
    assert "我是孙**的儿子" in text
    (assigned,) = [m["text"] for m in told if m["recipient"] == "sq/zrzy" and m["template"] == "department.assigned"]
    assert "诉求人：孙**，电话：199****1001，地址：沈丘县槐店镇***。" in assigned
    assert "查询码***" in told[-1]["text"]


async def test_an_organisation_is_named_with_its_contact(notify: Alone) -> None:
    story = Story()
    petitioner = story.sealed(name="沈丘县颍河面粉厂", contact_person="李建国") | {"kind": "organisation"}
    corrected = story.of(intake.PetitionerCorrected, petitioner=petitioner)
    await notify.hear(story.registered, corrected, story.dispatched, story.started)
    told = (await asked(notify, COORDINATOR, complaint_id=story.id))["messages"]
    assert any("诉求人：沈丘县颍河面粉厂（联系人李**）" in message["text"] for message in told)


async def test_someone_erased_is_gone_from_every_message(notify: Alone) -> None:
    story = Story()
    await notify.hear(story.registered, story.dispatched, story.started)
    async with notify.store.transaction() as session:
        row = await session.get_one(Petitioner, story.id)
        row.name = row.phone = row.address = row.query_code = None
    told = (await asked(notify, COORDINATOR, complaint_id=story.id))["messages"]
    assert any("诉求人：已删除，电话：已删除，地址：已删除。" in message["text"] for message in told)
    assert any("查询码已删除" in message["text"] for message in told)


async def test_what_was_sealed_with_a_lost_key_is_shown_as_such(notify: Alone) -> None:
    story = Story()
    broken = story.registered.petitioner.model_copy(update={"name": "y1.k9.lost"})
    registered = story.registered.model_copy(update={"petitioner": broken})
    await notify.hear(registered, story.dispatched, story.started)
    told = (await asked(notify, COORDINATOR, complaint_id=story.id))["messages"]
    assert any("诉求人：无法读取，电话：无法读取" in message["text"] for message in told)


@pytest.mark.parametrize(
    ("actor", "may"),
    [(COORDINATOR, True), (HEAD, True), (OF_TOWNSHIP, True), (AUDITOR, True), (OF_ANOTHER, False)],
    ids=["the county's", "its head", "its own", "the auditor", "another township's"],
)
async def test_a_township_s_messages_are_read_there_and_by_the_county(notify: Alone, actor: Actor, may: bool) -> None:
    story = Story(center="sq-huaidian")
    await notify.hear(story.registered)
    answer = await notify.ask("GET", "messages", actor, params={"complaint_id": story.id})
    assert answer.status_code == (200 if may else 403)
    unasked = await asked(notify, actor)
    assert len(unasked["messages"]) == (2 if may else 0)


async def test_after_a_transfer_both_centers_read_the_messages(notify: Alone) -> None:
    story = Story(center="sq-zhidian")
    transferred = story.of(dispatch.OrderTransferred, from_center="sq-zhidian", to_center="sq-huaidian")
    await notify.hear(story.registered, transferred)
    for actor in (OF_TOWNSHIP, OF_ANOTHER):
        assert (await asked(notify, actor, complaint_id=story.id))["total"] == 5


@pytest.mark.parametrize("role", Role)
async def test_who_may_not_read_messages_is_refused(notify: Alone, role: Role) -> None:
    if role is Role.PUBLIC:
        answer = await notify.ask("GET", "messages")
        assert answer.status_code == 401
    else:
        answer = await notify.ask("GET", "messages", Actor("someone", "某人", role, "sq"))
        assert answer.status_code == (200 if role in MAY[Action.READ_MESSAGES] else 403)


@pytest.mark.parametrize("params", [{"state": "lost"}, {"limit": 0}, {"limit": 201}, {"limit": "many"}])
async def test_a_question_that_makes_no_sense_is_refused(notify: Alone, params: dict[str, Any]) -> None:
    answer = await notify.ask("GET", "messages", COORDINATOR, params=params)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == list(params)


async def test_nothing_is_known_of_an_unknown_complaint(notify: Alone) -> None:
    assert await asked(notify, COORDINATOR, complaint_id="nothing") == {"total": 0, "messages": []}
