"""The audit log of a service: who did or read what, when, from where, why; sealed, exported, and checked by command."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared.audit import keeping
from shared.settings import settings
from shared.web import permit
from tests.support.browser import HOST, Browser
from tests.support.intake import (
    ADMINISTRATOR,
    AUDITOR,
    CLERK,
    COORDINATOR,
    OFFICER,
    TOWN_CLERK,
    Intake,
    intake_at_work,
    submission,
)


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


async def lines_of(intake: Intake, **asked: Any) -> list[dict[str, Any]]:
    """What the log tells, the oldest first."""
    await keeping.collected(intake.store).write()
    answer = await intake.ask("GET", "audit", AUDITOR, params=asked | {"limit": 1000})
    lines: list[dict[str, Any]] = answer.json()["lines"]
    return [line for line in reversed(lines) if line["action"] != "read_audit"]


async def told(intake: Intake, **asked: Any) -> list[tuple[str, str, str, str]]:
    """Who, at which door, about what, with what result; the oldest first, without what only asks for this."""
    lines = await lines_of(intake, **asked)
    return [(line["actor"], line["door"], line["subject"], line["result"]) for line in lines]


async def test_what_was_changed_denied_and_read_is_told_and_what_is_nobodys_affair_is_not(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    await intake.triaged(one)
    await intake.ask("GET", f"complaints/{one}", CLERK)
    await intake.ask("GET", f"complaints/{one}", ADMINISTRATOR)
    await intake.ask("GET", f"complaints/{one}")
    await intake.ask("POST", f"complaints/{one}/triage", COORDINATOR, json={"triage": "hard"})
    await intake.ask("GET", "openapi.json", CLERK)
    assert await told(intake) == [
        ("web", "POST /api/submissions", "", "allowed"),
        ("li", "POST /api/complaints/{complaint_id}/triage", one, "allowed"),
        ("wang", "GET /api/complaints/{complaint_id}", one, "allowed"),
        ("guan", "GET /api/complaints/{complaint_id}", one, "denied"),
        ("", "GET /api/complaints/{complaint_id}", one, "denied"),
        ("li", "POST /api/complaints/{complaint_id}/triage", one, "failed"),
    ]
    assert [line[0] for line in await told(intake, actor="wang")] == ["wang"]
    assert {line[3] for line in await told(intake, result="denied")} == {"denied"}
    assert await told(intake, **{"from": "2020-01-01", "to": "2020-01-01"}) == []


async def test_a_page_that_leads_to_the_login_is_told_as_denied(intake: Intake) -> None:
    browser = Browser(intake)
    await browser.client.get("/intake/ledger")
    assert await told(intake) == [("", "GET /intake/ledger", "", "denied")]


async def test_what_is_done_is_told_in_the_same_transaction(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    await intake.triaged(one)
    answer = await intake.ask("GET", "audit", AUDITOR, params={"subject": one})
    assert [line["actor"] for line in answer.json()["lines"]] == ["li"], "nothing collected was written yet"


async def test_only_an_auditor_reads_it_page_by_page(intake: Intake) -> None:
    for actor in (CLERK, COORDINATOR, ADMINISTRATOR):
        assert (await intake.ask("GET", "audit", actor)).status_code == 403
    await keeping.collected(intake.store).write()
    first = (await intake.ask("GET", "audit", AUDITOR, params={"limit": 2})).json()
    second = (await intake.ask("GET", "audit", AUDITOR, params={"limit": 2, "after": first["next"]})).json()
    assert [line["actor"] for line in first["lines"] + second["lines"]] == ["guan", "li", "wang"]
    browser = await Browser(intake).logged_in(AUDITOR)
    page = await browser.open("/intake/audit?result=denied")
    assert page.status_code == 200
    assert page.text.count("<small>GET /api/audit</small>") == 3


async def test_what_a_commit_has_written_whose_answer_got_lost_is_told_once(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    await intake.ask("GET", "ledger", CLERK)
    whole = intake.store.transaction

    @asynccontextmanager
    async def unanswered() -> AsyncIterator[AsyncSession]:
        async with whole() as session:
            yield session
        raise ConnectionError("cut off after the commit")

    with monkeypatch.context() as cut:
        cut.setattr(intake.store, "transaction", unanswered)
        with pytest.raises(ConnectionError):
            await keeping.collected(intake.store).write()
    await intake.ask("GET", "ledger", COORDINATOR)
    assert [line[0] for line in await told(intake)] == ["wang", "li"]


async def test_who_complains_is_seen_in_the_clear_for_a_reason_that_is_kept(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    answer = await intake.ask("POST", f"complaints/{one}/reveal", CLERK, json={"reason": "电话回访。"})
    assert (answer.status_code, answer.json()["name"], answer.json()["phone"]) == (200, "孙巧玲", "19900001001")
    for actor, given, status in (
        (CLERK, {}, 422),
        (AUDITOR, {"reason": "审计。"}, 403),
        (OFFICER, {"reason": "办理。"}, 403),
        (TOWN_CLERK, {"reason": "回访。"}, 404),
    ):
        assert (await intake.ask("POST", f"complaints/{one}/reveal", actor, json=given)).status_code == status
    await keeping.collected(intake.store).write()
    lines = (await intake.ask("GET", "audit", AUDITOR, params={"action": "reveal"})).json()["lines"]
    assert [(line["actor"], line["result"], line["reason"]) for line in reversed(lines)] == [
        ("wang", "allowed", "电话回访。"),
        ("wang", "failed", None),
        ("shen", "denied", None),
        ("officer", "denied", "办理。"),
        ("zhao", "failed", "回访。"),
    ]


async def test_a_page_shows_who_complains_after_the_reason_is_given(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    browser = await Browser(intake).logged_in(CLERK)
    page = await browser.open(f"/intake/complaints/{one}")
    assert "孙巧玲" not in page.text
    page = await browser.send(f"/intake/complaints/{one}/reveal")
    assert (page.status_code, "查看理由：必填" in page.text) == (422, True)
    page = await browser.send(f"/intake/complaints/{one}/reveal", reason="电话回访。")
    assert page.status_code == 200
    assert "<dd>孙巧玲</dd>" in page.text
    assert "<dd>19900001001</dd>" in page.text
    auditors = await Browser(intake).logged_in(AUDITOR)
    assert "查看理由" not in (await auditors.open(f"/intake/complaints/{one}")).text


async def test_what_cannot_be_written_waits(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    await intake.ask("GET", "ledger", CLERK)

    def away() -> Any:
        raise OSError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(intake.store, "transaction", away)
        with pytest.raises(OSError, match="away"):
            await keeping.collected(intake.store).write()
    assert await told(intake) == [("wang", "GET /api/ledger", "", "allowed")]


async def test_who_looks_at_the_lists_at_work_is_told_and_what_they_ask_for_by_themselves_is_not(
    intake: Intake,
) -> None:
    one = (await intake.registered())["complaint_id"]
    browser = await Browser(intake).logged_in(COORDINATOR)
    for path in ("/intake/today", "/intake/fragments/today", f"/intake/complaints/{one}/correct", "/intake/figures"):
        assert (await browser.open(path)).status_code == 200
    for path in ("figures/rates", "figures/monthly/2026/9/excel"):
        assert (await intake.ask("GET", path, COORDINATOR)).status_code == 200
    assert [door for who, door, _, _ in await told(intake) if who == "li"] == [
        "GET /intake/today",
        "GET /intake/complaints/{complaint_id}/correct",
        "GET /intake/figures",
        "GET /api/figures/rates",
        "GET /api/figures/monthly/{year}/{month}/excel",
    ]


async def test_what_is_typed_while_a_complaint_is_written_down_is_no_change(intake: Intake) -> None:
    browser = await Browser(intake).logged_in(CLERK)
    await browser.open("/intake/register")
    typed = {"petitioner.phone": "19900001001", "token": browser.fields("/intake/register")["token"]}
    part = await browser.client.post("/intake/fragments/repeats", data=typed, headers={"origin": HOST})
    assert part.status_code == 200
    assert await told(intake) == []
    typed["token"] = "x"
    part = await browser.client.post("/intake/fragments/repeats", data=typed, headers={"origin": HOST})
    assert await told(intake) == [("wang", "POST /intake/fragments/repeats", "", "denied")]


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ("state=closed&center=&from=2026-09-01", "state=closed、from=2026-09-01"),
        ("text=孙巧玲", "text=孙**"),
        ("text=19900001001", "text=199****1001"),
        ("text=孙巧玲 19900001001", "text=孙**"),
        ("text=孙巧玲19900001001", "text=孙**"),
        ("text=sq-2026-0001", "text=sq-2026-0001"),
        ("孙巧玲=x&name=孙巧玲&state=closed", "state=closed"),
        ("", None),
    ],
)
async def test_what_a_list_was_narrowed_to_is_told_without_a_name(
    intake: Intake, asked: str, query: str | None
) -> None:
    browser = await Browser(intake).logged_in(CLERK)
    await browser.open(f"/intake/ledger?{asked}")
    [line] = await lines_of(intake)
    assert (line["action"], line["query"]) == ("read_ledger", query)
    auditors = await Browser(intake).logged_in(AUDITOR)
    assert (f"<small>{query}</small>" in (await auditors.open("/intake/audit?action=read_ledger")).text) == bool(query)


async def test_nobody_fills_the_log_from_outside(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUSU_DENIALS_TOLD_PER_MINUTE", "3")
    settings.cache_clear()
    for _ in range(9):
        assert (await intake.ask("GET", "ledger")).status_code == 401, "refused as ever"
    lines = await lines_of(intake)
    assert [line["reason"] for line in lines] == [None, None, None, permit.MORE_DENIED]
    assert (await intake.ask("GET", "ledger", ADMINISTRATOR)).status_code == 403
    assert (await lines_of(intake))[-1]["actor"] == "guan", "who has logged in is told of always"


async def test_who_asks_too_much_in_a_minute_is_told_when_again_and_the_log_once(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUSU_STAFF_REQUESTS_PER_MINUTE", "2")
    monkeypatch.setenv("YOUSU_CHANNEL_REQUESTS_PER_MINUTE", "1")
    settings.cache_clear()
    answers = [await intake.ask("GET", "ledger", CLERK) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert "操作过于频繁" in answers[-1].json()["detail"]
    assert [(await intake.submit(submission(ref))).status_code for ref in ("WB-1", "WB-2")] == [201, 429]
    assert (await intake.ask("GET", "ledger", COORDINATOR)).status_code == 200, "nobody else is kept waiting"
    told = [line["actor"] for line in await lines_of(intake) if line["reason"] == permit.MORE_ASKED]
    assert told == [CLERK.id, "web"]
