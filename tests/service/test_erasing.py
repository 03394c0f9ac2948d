"""Erasing who complained: nothing of the person is left in any store, and every number of the ledger stays the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from services.dispatch.app import service as dispatch_service
from services.intake.tables import AttachmentRow, ComplaintRow, ExportFileRow, PetitionerRow
from services.intake.usecases import exporting
from services.notify.app import service as notify_service
from shared.audit.tables import AuditRow
from shared.events.intake import PetitionerCorrected, PetitionerErased
from shared.house import Service
from shared.messaging.tables import OutboxRow, ParkedRow
from shared.security.roles import Actor, Role
from tests.service.test_intake_figures import ended as closed
from tests.support.alone import Alone, at
from tests.support.browser import Browser
from tests.support.exports import address, asked, count, fetched
from tests.support.intake import CLERK, COORDINATOR, COUNTY, TOWNSHIP, Intake, dispatched, intake_at_work, replied
from tests.support.told import PERSON, Story
from tests.support.uploads import picture

HEAD = Actor("head-sq", "汪涛", Role.HEAD, COUNTY)
HEAD_OF_TOWNSHIP = Actor("head-sq-zhidian", "黄静", Role.HEAD, TOWNSHIP)
NAME, PHONE = "诸葛明月", "13800005521"
REASON = {"reason": "保存期满"}


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


async def filed(intake: Intake) -> tuple[str, str]:
    """A complaint with a file, whose petitioner writes who he is: its number and its id."""
    browser = Browser(intake)
    await browser.open("/intake/file")
    typed = {
        "petitioner.name": NAME,
        "petitioner.phone": PHONE,
        "content": f"我是{NAME}，电话{PHONE}，房产证办不下来。",
    }
    await browser.send("/intake/file", files=[("attachments", ("证.png", picture()))], **typed)
    return "SQ-2026-0001", await intake.id_of("SQ-2026-0001")


async def ended(intake: Intake, complaint_id: str) -> None:
    """It is answered and ends, and its answer names him; all that was announced has been sent."""
    await intake.triaged(complaint_id)
    await intake.hear(dispatched(complaint_id), replied(complaint_id, "09-29 09:00", 3, text=f"已告知{NAME}。"))
    await intake.hear(closed(complaint_id, 4, "09-30 10:00"))
    await intake.do(lambda session: session.execute(update(OutboxRow).values(sent_at=at("09-30 10:00"))))


async def erase(intake: Intake, number: str, actor: Actor = HEAD) -> tuple[int, dict[str, Any]]:
    answer = await intake.ask("POST", "erasures", actor, json={"number": number, **REASON})
    return answer.status_code, answer.json()


async def everything_in(alone: Alone) -> str:
    """All that stands in a store, in one text."""
    found = []
    tables = [*alone.service.metadata.sorted_tables, OutboxRow.__table__, ParkedRow.__table__, AuditRow.__table__]
    async with alone.store.reading() as session:
        for table in tables:
            for row in (await session.execute(select(table))).all():
                found += [value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in row]
    return "\n".join(found)


async def test_who_complained_is_gone_and_number_dates_and_departments_stay(intake: Intake) -> None:
    number, complaint_id = await filed(intake)
    await ended(intake, complaint_id)
    intake.now("11-23 09:00")
    [before] = await intake.ledger()
    assert await erase(intake, number) == (200, {"complaint_id": complaint_id, "number": number})
    [after] = await intake.ledger()
    gone = {"姓名或单位名称", "联系方式", "主要诉求", "办理情况"}
    assert {name: cell for name, cell in after.items() if name not in gone} == {
        name: cell for name, cell in before.items() if name not in gone
    }
    assert after["姓名或单位名称"] == "已删除"
    held = await everything_in(intake)
    assert NAME not in held
    assert PHONE not in held
    async with intake.store.reading() as session:
        assert (await session.scalars(select(AttachmentRow))).all() == []
        [person] = (await session.scalars(select(PetitionerRow))).all()
    assert (person.name, person.phone, person.phone_index, person.kind) == (None, None, None, "individual")
    history = await intake.ask("GET", f"complaints/{complaint_id}/history", CLERK)
    assert "删除诉求人信息" in history.text


async def test_whom_nobody_can_read_any_more_is_shown_so_and_erased_too(intake: Intake) -> None:
    number, complaint_id = await filed(intake)
    await ended(intake, complaint_id)
    intake.now("11-23 09:00")
    await intake.do(lambda session: session.execute(update(PetitionerRow).values(name="y1.lost.aaaa")))
    [row] = await intake.ledger()
    assert row["姓名或单位名称"] == "（无法读取）"
    await intake.do(lambda session: session.execute(update(ComplaintRow).values(query_code="y1.lost.aaaa")))
    guessed = await intake.ask("GET", f"complaints/{number}", params={"code": ""})
    assert guessed.json()["code"] == "no-such-status", "what nobody can read is not opened by nothing"
    refused = await intake.ask("POST", f"complaints/{complaint_id}/reveal", CLERK, json=REASON)
    assert refused.json()["code"] == "key-lost"
    assert await erase(intake, number) == (200, {"complaint_id": complaint_id, "number": number})
    [row] = await intake.ledger()
    assert row["姓名或单位名称"] == "已删除"
    held = await everything_in(intake)
    assert PHONE not in held, "what could still be read is struck out of the texts"
    assert "y1.lost" not in held.replace("y1.lost.aaaa", "", 1), "but for the query code, which names nobody"


async def test_what_was_exported_before_is_fetched_by_nobody_any_more(intake: Intake) -> None:
    number, complaint_id = await filed(intake)
    await ended(intake, complaint_id)
    intake.now("11-23 09:00")
    browser = await asked(intake)
    own = await address(intake, browser)
    assert (await browser.client.get(own)).status_code == 200
    await erase(intake, number)
    answer = await browser.client.get(own)
    assert answer.status_code == 409
    assert exporting.CALLED_OFF in answer.text
    assert (await browser.client.get(own, headers={"accept": "*/*"})).json()["code"] == "not-ready"
    assert await count(intake, ExportFileRow) == 0
    assert (await fetched(intake, await asked(intake))).status_code == 200, "and exported anew"


async def test_the_audit_log_says_who_erased_and_why_and_the_others_are_told(intake: Intake) -> None:
    number, complaint_id = await filed(intake)
    await ended(intake, complaint_id)
    intake.now("11-23 09:00")
    await erase(intake, number)
    async with intake.store.reading() as session:
        [told] = (await session.scalars(select(AuditRow).where(AuditRow.action == "erase"))).all()
    assert (told.actor, told.subject, told.reason, told.result) == ("head-sq", complaint_id, "保存期满", "allowed")
    [event] = [event for event in await intake.told() if isinstance(event, PetitionerErased)]
    assert (event.subject, event.by) == (complaint_id, "head-sq")


async def test_what_is_open_or_may_be_reopened_is_not_erased_nor_what_is_anothers(intake: Intake) -> None:
    number, complaint_id = await filed(intake)
    assert (await erase(intake, number))[1]["code"] == "still-open"
    await ended(intake, complaint_id)
    intake.now("10-08 09:00")
    assert (await erase(intake, number))[1]["code"] == "may-be-reopened"
    intake.now("11-23 09:00")
    assert (await erase(intake, number, HEAD_OF_TOWNSHIP))[0] == 404
    assert (await erase(intake, number, COORDINATOR))[0] == 403
    assert (await erase(intake, "SQ-2026-9999"))[0] == 404
    due = await intake.ask("GET", "erasures/due", HEAD, params={"closed_before": "2026-10-01"})
    assert due.json() == {"numbers": [number]}
    assert (await erase(intake, number))[0] == 200
    assert (await erase(intake, number))[1]["code"] == "erased"
    due = await intake.ask("GET", "erasures/due", HEAD, params={"closed_before": "2026-10-01"})
    assert due.json() == {"numbers": []}


async def test_what_could_not_be_registered_is_forgotten_too(intake: Intake) -> None:
    await intake.submit({"source_ref": "WB-1", "center": COUNTY, "content": NAME})
    given = {"before": "2026-09-28", **REASON}
    assert (await intake.ask("POST", "erasures/rejected", HEAD, json=given)).json() == {"forgotten": 0}
    given = {"before": "2026-09-29", **REASON}
    assert (await intake.ask("POST", "erasures/rejected", HEAD, json=given)).json() == {"forgotten": 1}


@pytest.mark.parametrize("service", [dispatch_service, notify_service], ids=["dispatch", "notify"])
async def test_a_person_whose_key_is_lost_is_forgotten_as_well(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 09:00")
        story = Story(content=f"我的电话是{PERSON['phone']}，房产证办不下来。")
        await alone.knows("sq")
        await alone.hear(story.registered)
        people = service.metadata.tables["petitioners"]
        await alone.do(lambda session: session.execute(update(people).values(name="y1.lost.aaaa")))
        await alone.hear(story.of(PetitionerErased, by="head-sq", reason="保存期满"))
        assert await alone.parked() == 0
        held = await everything_in(alone)
    assert "y1.lost" not in held
    assert str(PERSON["phone"]) not in held


@pytest.mark.parametrize("service", [dispatch_service, notify_service], ids=["dispatch", "notify"])
async def test_whoever_has_heard_of_a_person_forgets_it_and_is_not_told_again_by_a_correction(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = str(PERSON["name"])
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 09:00")
        story = Story(content=f"我是{name}，房产证办不下来。")
        await alone.knows("sq")
        await alone.hear(story.registered)
        assert name in await everything_in(alone)
        await alone.hear(story.of(PetitionerErased, by="head-sq", reason="保存期满"))
        assert name not in await everything_in(alone)
        await alone.hear(story.of(PetitionerCorrected, petitioner=story.sealed()))
        person = service.metadata.tables["petitioners"].c
        async with alone.store.reading() as session:
            [row] = (await session.execute(select(person.name, person.phone, person.address))).all()
    assert tuple(row) == (None, None, None)
