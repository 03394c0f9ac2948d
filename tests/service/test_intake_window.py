"""What the window does after registering (Art. 6): sort, settle on the spot, correct; and who may see what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.intake.app import service
from shared.events.dispatch import RedoStarted
from shared.events.intake import ComplaintCorrected, ComplaintSettled, ComplaintTriaged, PetitionerCorrected
from shared.security.keys import sealer
from shared.security.roles import Actor, Role
from tests.support.alone import at
from tests.support.intake import (
    AUDITOR,
    CLERK,
    COORDINATOR,
    COUNTY,
    ELSEWHERE,
    OFFICER,
    TOWN_CLERK,
    TOWNSHIP,
    Intake,
    dispatched,
    intake_at_work,
    submission,
)


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


@pytest.fixture
async def one(intake: Intake) -> str:
    return (await intake.registered())["complaint_id"]


async def post(intake: Intake, complaint_id: str, action: str, actor: Actor = CLERK, **given: Any) -> httpx.Response:
    return await intake.ask("POST", f"complaints/{complaint_id}/{action}", actor, json=given)


async def last(intake: Intake, kind: type) -> Any:
    return [event for event in await intake.told() if isinstance(event, kind)][-1]


async def test_a_complaint_is_sorted_and_sorted_anew_with_a_reason(intake: Intake, one: str) -> None:
    answer = await post(intake, one, "triage", triage="general")
    assert (answer.status_code, answer.json()["triage_revision"]) == (200, 1)
    assert (await post(intake, one, "triage", triage="hard")).status_code == 422
    assert (await post(intake, one, "triage", triage="hard", reason="当场未能解决")).status_code == 200
    assert (await post(intake, one, "triage", triage="cannot", reason="看错了")).status_code == 403
    answer = await post(intake, one, "triage", COORDINATOR, triage="cannot", reason="与法规不符")
    assert answer.json()["triage"] == "cannot"
    event = await last(intake, ComplaintTriaged)
    assert (event.revision, event.triage, event.by, event.reason) == (3, "cannot", "li", "与法规不符")


async def test_once_dispatched_a_complaint_is_sorted_no_more(intake: Intake, one: str) -> None:
    await intake.triaged(one)
    await intake.hear(dispatched(one))
    answer = await post(intake, one, "triage", COORDINATOR, triage="hard", reason="情况复杂")
    assert (answer.status_code, answer.json()["code"]) == (409, "dispatched")
    assert "工作单" in answer.json()["detail"]


async def test_a_general_one_is_settled_on_the_spot(intake: Intake, one: str) -> None:
    assert (await post(intake, one, "settle", result="当场办好。")).json()["code"] == "not-triaged"
    await post(intake, one, "triage", triage="general")
    answer = await post(intake, one, "settle", result="当场办好。", helped_by="zjj")
    assert answer.status_code == 200, answer.text
    event = await last(intake, ComplaintSettled)
    assert (event.result, event.helped_by, event.by) == ("当场办好。", "sq/zjj", "wang")
    assert (await post(intake, one, "settle", result="再办一次。")).json()["code"] == "already-settled"


async def test_only_a_general_one_is_settled_and_with_the_help_of_a_known_department(intake: Intake, one: str) -> None:
    await intake.triaged(one)
    assert (await post(intake, one, "settle", COORDINATOR, result="办好。")).json()["code"] == "not-general"
    await post(intake, one, "triage", COORDINATOR, triage="general", reason="其实简单")
    answer = await post(intake, one, "settle", COORDINATOR, result="办好。", helped_by="nobody")
    assert [fault["field"] for fault in answer.json()["errors"]] == ["helped_by"]


async def test_a_township_is_helped_by_a_department_of_the_county(intake: Intake) -> None:
    receipt = await intake.registered("WB-2", center=TOWNSHIP)
    await post(intake, receipt["complaint_id"], "triage", TOWN_CLERK, triage="general")
    answer = await post(intake, receipt["complaint_id"], "settle", TOWN_CLERK, result="办好。", helped_by="zrzy")
    assert answer.status_code == 200, answer.text
    assert (await last(intake, ComplaintSettled)).helped_by == "sq/zrzy"


async def test_what_did_not_satisfy_is_settled_again(intake: Intake, one: str) -> None:
    await post(intake, one, "triage", triage="general")
    await post(intake, one, "settle", result="办好。")
    redo = RedoStarted(
        at=at("09-28 11:00"), center=COUNTY, subject=one, revision=2, round=2, leg=None, reason="没办好", by="li"
    )
    await intake.hear(redo)
    assert (await post(intake, one, "settle", result="这回办好。")).status_code == 200
    assert (await post(intake, one, "settle", result="再来。")).status_code == 409


@pytest.mark.parametrize("about", ["wang", "王", "sq/zrzy", "zrzy"])
async def test_nobody_sorts_or_settles_a_complaint_about_himself_or_his_department(intake: Intake, about: str) -> None:
    one = (await intake.registered("WB-2", about=about))["complaint_id"]
    himself = Actor("wang", "王", Role.CLERK, COUNTY, "zrzy")
    for action, given in (("triage", {"triage": "general"}), ("settle", {"result": "办好。"})):
        assert (await post(intake, one, action, himself, **given)).json()["code"] == "about-yourself"
    assert (await post(intake, one, "triage", COORDINATOR, triage="general")).status_code == 200


@pytest.mark.parametrize(
    ("actor", "status"),
    [(TOWN_CLERK, 403), (AUDITOR, 403), (OFFICER, 403), (None, 401)],
)
async def test_only_the_centers_own_window_sorts(intake: Intake, one: str, actor: Actor | None, status: int) -> None:
    answer = await intake.ask("POST", f"complaints/{one}/triage", actor, json={"triage": "general"})
    assert answer.status_code == status


async def test_what_is_not_there_is_not_found_and_what_is_not_said_is_refused(intake: Intake, one: str) -> None:
    nobody = "01900000-0000-7000-8000-000000000000"
    assert (await post(intake, nobody, "triage", triage="general")).status_code == 404
    assert (await post(intake, one, "triage", triage="praise")).status_code == 422
    for result in ("", " \u200b ", "办\x00好", None):
        assert (await post(intake, one, "settle", result=result)).status_code == 422


async def test_registered_data_is_corrected_with_history(intake: Intake, one: str) -> None:
    intake.now("09-28 10:30")
    answer = await post(
        intake, one, "correct", category="opinion", petitioner={"phone": "１９９ 0000 1002"}, reason="听错了一位数"
    )
    assert (answer.status_code, answer.json()["category"]) == (200, "opinion")
    said = await last(intake, ComplaintCorrected)
    assert (said.revision, said.category, said.reason, said.by) == (1, "opinion", "听错了一位数", "wang")
    person = await last(intake, PetitionerCorrected)
    fields = person.petitioner.model_dump(exclude={"kind"})
    assert sealer().open_fields(fields, one)["phone"] == "19900001002"
    assert sealer().open_fields(fields, one)["name"] == "孙巧玲"
    lines = (await intake.ask("GET", f"complaints/{one}/history", CLERK)).json()
    assert [line["what"] for line in lines] == ["登记受理", "更正登记内容", "更正诉求人信息"]
    assert (await intake.ledger())[0]["联系方式"] == "199****1002"


async def test_a_correction_is_read_as_strictly_as_a_submission(intake: Intake, one: str) -> None:
    answer = await post(intake, one, "correct", content="短", petitioner={"phone": "abc"}, reason="听错了")
    assert {fault["field"] for fault in answer.json()["errors"]} == {"content", "petitioner.phone"}
    assert (await post(intake, one, "correct", content="换一种说法。")).status_code == 422
    assert (await post(intake, one, "correct", category="complaint", reason="没变")).json()["code"] == "nothing-new"
    assert (await post(intake, one, "correct", TOWN_CLERK, content="换一种说法。", reason="听错了")).status_code == 403


async def test_remarks_are_taken_away_by_null_and_left_alone_when_not_said(intake: Intake) -> None:
    one = (await intake.registered("WB-2", remarks="来电两次"))["complaint_id"]
    await post(intake, one, "correct", content="换一种说法。", reason="听错了")
    assert (await last(intake, ComplaintCorrected)).remarks == "来电两次"
    await post(intake, one, "correct", remarks=None, reason="多余")
    assert (await last(intake, ComplaintCorrected)).remarks is None


async def test_a_complaint_is_shown_masked_to_those_it_concerns(intake: Intake, one: str) -> None:
    for actor in (CLERK, COORDINATOR, AUDITOR):
        told = (await intake.ask("GET", f"complaints/{one}", actor)).json()
        assert told["petitioner"] == {
            "kind": "individual",
            "name": "孙**",
            "contact_person": "",
            "contact": "199****1001",
            "address": "沈丘县槐店镇***",
        }
        assert told["content"] == "窗口让我补一张早就取消的证明，孙**，电话199****1001。"
    for path in (f"complaints/{one}", f"complaints/{one}/history"):
        assert (await intake.ask("GET", path, TOWN_CLERK)).status_code == 404
        assert (await intake.ask("GET", path, OFFICER)).status_code == 403
        assert (await intake.ask("GET", path)).status_code == 401


async def test_the_county_reads_its_townships_and_they_not_the_county(intake: Intake, one: str) -> None:
    town = (await intake.registered("WB-2", center=TOWNSHIP))["complaint_id"]
    town_coordinator = Actor("town", "镇", Role.COORDINATOR, TOWNSHIP)
    assert (await intake.ask("GET", f"complaints/{town}", COORDINATOR)).status_code == 200
    assert (await intake.ask("GET", f"complaints/{town}", CLERK)).status_code == 404
    assert (await intake.ask("GET", f"complaints/{one}", town_coordinator)).status_code == 404


async def test_a_petitioner_asks_with_number_and_code_and_learns_nothing_otherwise(intake: Intake) -> None:
    receipt = await intake.registered()
    code = receipt["query_code"].lower()

    async def asked(number: str, code: str) -> httpx.Response:
        return await intake.ask("GET", f"complaints/{number}", params={"code": code})

    answer = await asked(receipt["number"].lower(), f" {code[:4]} {code[4:]} ")
    assert answer.json()["state"] == "已受理"
    assert "孙" not in answer.text
    wrong = [
        await asked(receipt["number"], "ABCDEFGH"),
        await asked("SQ-2026-9999", code),
        await asked(receipt["number"], ""),
        await asked("SQ-2026-0001%00", code),
    ]
    assert {(answer.status_code, answer.text) for answer in wrong} == {(404, wrong[0].text)}


async def test_extra_words_from_a_channel_change_nothing_of_its_handling(intake: Intake) -> None:
    one = (await intake.submit(submission("WB-2", status="zeroed", triage="general", center=ELSEWHERE))).json()
    told = (await intake.ask("GET", f"complaints/{one['complaint_id']}", AUDITOR)).json()
    assert (told["state"], told["triage"]) == ("registered", None)


async def test_before_the_directory_has_come_one_is_told_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Intake.at_work(service, tmp_path, monkeypatch) as intake:
        intake.now("09-28 10:00")
        answer = await intake.page("/fragments/limit", CLERK, triage="hard")
    assert (answer.status_code, answer.json()["code"]) == (503, "not-known-yet")
