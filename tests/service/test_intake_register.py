"""Registering (Art. 3, 5; mechanism §2): every channel's door, numbers without gaps, and what cannot be registered."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import select

from services.intake.consumers import submissions
from services.intake.store import complaints
from services.intake.tables import ComplaintRow, PetitionerRow, ProfileRow
from services.intake.usecases.petitioners import opened
from shared.events.directory import ChannelChanged
from shared.events.intake import ComplaintRegistered, SubmissionRejected
from shared.messaging.doors import Arrival, DoorReceiver
from shared.security.sessions import digest
from tests.support.alone import at
from tests.support.intake import (
    AUDITOR,
    CLERK,
    COORDINATOR,
    COUNTY,
    ORGANISATION,
    TOWN_CLERK,
    TOWNSHIP,
    Intake,
    intake_at_work,
    submission,
)
from tests.support.kernel import parked_in

BAD = [json.loads(line) for line in (Path(__file__).parents[1] / "data/bad_submissions.jsonl").read_text().splitlines()]
LINES = "application/x-ndjson"


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


async def numbers_in(intake: Intake) -> list[str]:
    async with intake.store.reading() as session:
        return list(await session.scalars(select(ComplaintRow.number).order_by(ComplaintRow.seq)))


async def test_a_submission_gets_its_number_and_query_code_and_is_announced(intake: Intake) -> None:
    receipt = await intake.registered()
    assert receipt["number"] == "SQ-2026-0001"
    [event] = [event for event in await intake.told() if isinstance(event, ComplaintRegistered)]
    assert (event.subject, event.number, event.center) == (receipt["complaint_id"], "SQ-2026-0001", COUNTY)
    assert "孙巧玲" not in event.petitioner.model_dump_json()
    assert event.petitioner.name.startswith("y1.")


async def test_the_same_reference_again_tells_the_first_number_and_code(intake: Intake) -> None:
    first = await intake.submit(submission())
    second = await intake.submit(submission(content="换了一种说法，还是那件事。"))
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert len(await numbers_in(intake)) == 1
    assert len([event for event in await intake.told() if isinstance(event, ComplaintRegistered)]) == 1


async def test_the_same_reference_at_once_is_one_complaint(intake: Intake) -> None:
    answers = await asyncio.gather(*(intake.submit(submission()) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.text for answer in answers}) == 1


async def test_numbers_have_no_gap_under_twenty_registrations_at_once(intake: Intake) -> None:
    given = [submission(f"WB-{n}", center=TOWNSHIP if n % 4 == 0 else COUNTY) for n in range(20)]
    answers = await asyncio.gather(*(intake.submit(each) for each in given))
    assert {answer.status_code for answer in answers} == {201}
    told = sorted(answer.json()["number"] for answer in answers)
    assert told == [f"SQ-2026-{n:04}" for n in range(1, 16)] + [f"SQ-ZHIDIAN-2026-{n:04}" for n in range(1, 6)]


async def test_a_registration_that_fails_leaves_no_gap(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    await intake.registered("WB-1")
    with monkeypatch.context() as broken:
        broken.setattr(ComplaintRegistered, "to_wire", lambda _: 1 / 0)
        assert (await intake.submit(submission("WB-2"))).status_code == 500
    assert (await intake.registered("WB-3"))["number"] == "SQ-2026-0002"
    assert (await intake.registered("WB-2"))["number"] == "SQ-2026-0003"


async def test_the_year_of_a_number_is_that_of_registering(intake: Intake) -> None:
    await intake.registered("WB-1")
    intake.now("2027-01-01 00:00")
    assert (await intake.registered("WB-2"))["number"] == "SQ-2027-0001"


async def test_every_hostile_submission_gets_the_answer_it_must(intake: Intake) -> None:
    intake.now("11-23 12:00")
    for source in ("window", "governance-center"):
        key = digest(f"sample-{source}")
        await intake.hear(
            ChannelChanged(at=at("01-01 00:00"), center=COUNTY, subject=source, revision=1, name=source, key_hash=key)
        )
    first: dict[str, str] = {}
    for bad in BAD:
        body, ref, source = _sent(bad)
        answer = await intake.submit(body, f"sample-{source}")
        match bad["expect"]:
            case "accepted":
                assert answer.status_code == 201, (bad["why"], answer.text)
                first[ref] = answer.json()["number"]
            case "duplicate":
                assert (answer.status_code, answer.json()["number"]) == (200, first[ref]), bad["why"]
            case _:
                assert answer.status_code == 422, (bad["why"], answer.text)
                assert all(fault["field"] and fault["message"] for fault in answer.json()["errors"])
                assert answer.headers["content-type"] == "application/problem+json"


def _sent(bad: dict[str, Any]) -> tuple[bytes, str, str]:
    body = bad.get("body")
    raw = base64.b64decode(bad["body_base64"]) if "body_base64" in bad else b""
    raw = raw or (body.encode() if isinstance(body, str) else json.dumps(body, ensure_ascii=False).encode())
    fields = body if isinstance(body, dict) else {}
    source = fields.get("source")
    return raw, str(fields.get("source_ref")), source if source in ("window", "hotline-12345") else "web"


async def test_a_body_without_end_is_refused_by_its_length(intake: Intake) -> None:
    answer = await intake.submit(submission(content="长" * 1_000_000))
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == ["body"]


async def test_a_channel_cannot_hand_over_for_another(intake: Intake) -> None:
    answer = await intake.submit(submission(source="hotline-12345"), "sample-web")
    assert [fault["field"] for fault in answer.json()["errors"]] == ["source"]
    assert (await intake.submit(submission(), "no-such-key")).status_code == 401
    assert (await intake.submit(submission(), COORDINATOR)).status_code == 403


async def test_what_is_refused_is_kept_sealed_shown_to_its_clerks_and_told_to_the_channel(
    intake: Intake, tmp_path: Path
) -> None:
    bad = orjson.dumps(submission(center=TOWNSHIP, category="praise"))
    for body in (bad, b"not json at all"):
        assert (await intake.submit(body)).status_code == 422
    told = [event for event in await intake.told() if isinstance(event, SubmissionRejected)]
    assert [event.center for event in told] == [TOWNSHIP, COUNTY]
    assert told[0].in_reply_to == hashlib.sha256(bad).hexdigest()
    assert (told[0].source_ref, told[0].faults[0].field) == ("WB-1", "category")

    async def seen(actor: Any) -> list[str]:
        return [row["id"] for row in (await intake.ask("GET", "rejected", actor)).json()]

    stray, towns = told[1].subject, told[0].subject
    assert await seen(TOWN_CLERK) == [towns]
    assert await seen(CLERK) == [stray]
    assert await seen(COORDINATOR) == await seen(AUDITOR) == [stray, towns]
    assert "孙巧玲".encode() not in _at_rest(tmp_path)


async def test_petitioners_are_sealed_at_rest_and_open_again(intake: Intake, tmp_path: Path) -> None:
    receipt = await intake.registered(content="没有提到任何人。", petitioner=ORGANISATION)
    at_rest = _at_rest(tmp_path)
    for personal in ("同心家电", "王建国", "5000904", receipt["query_code"]):
        assert personal.encode() not in at_rest
    async with intake.store.reading() as session:
        person = (await complaints.petitioners(session, [receipt["complaint_id"]]))[receipt["complaint_id"]]
        assert opened(person)["contact_person"] == "王建国"
        assert isinstance(person, PetitionerRow)
        assert person.phone_index
        profile = await session.get(ProfileRow, receipt["complaint_id"])
        assert profile is not None
        assert profile.size == "small"


def _at_rest(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("intake.sqlite3*"))


async def test_what_waits_for_its_channel_is_sealed_and_registered_when_that_is_known(intake: Intake) -> None:
    petitioner = {"kind": "individual", "name": "欧阳锦华", "phone": "19900007777"}
    sent = submission("WX-1", source="wechat", petitioner=petitioner, content="一直没有人受理。")
    body = json.dumps(sent, ensure_ascii=False).encode()
    door = DoorReceiver(submissions, intake.receiver, intake.store)
    await door.take([Arrival(body, "submission.wechat", "m1")])

    [waiting] = (await parked_in(intake.store)).values()
    assert waiting.awaits == "wechat"
    assert not [word for word in petitioner.values() if word.encode() in waiting.body + waiting.error.encode()]

    await intake.hear(
        ChannelChanged(
            at=at("01-01 00:00"), center=COUNTY, subject="wechat", revision=1, name="微信", key_hash=digest("k")
        )
    )
    assert await parked_in(intake.store) == {}
    assert len(await numbers_in(intake)) == 1


async def test_a_channel_that_is_retired_is_told_so_and_what_it_sent_is_kept_for_the_window(intake: Intake) -> None:
    retired = {"revision": 2, "name": "网上", "key_hash": digest("sample-web"), "active": False}
    await intake.hear(ChannelChanged(at=at("01-02 00:00"), center=COUNTY, subject="web", **retired))
    door = DoorReceiver(submissions, intake.receiver, intake.store)
    good, bad = submission("WB-1"), submission("WB-2", content="")
    hotline = submission("RX-1", source="hotline-12345")
    sent = [
        Arrival(json.dumps(given).encode(), f"submission.{given['source']}", given["source_ref"])
        for given in (good, hotline, bad)
    ]
    await door.take(sent)
    assert await parked_in(intake.store) == {}
    assert [event.source_ref for event in await intake.told() if isinstance(event, ComplaintRegistered)] == ["RX-1"]
    refused = [event for event in await intake.told() if isinstance(event, SubmissionRejected)]
    assert {event.in_reply_to: [fault.field for fault in event.faults] for event in refused} == {
        "WB-1": ["source"],
        "WB-2": ["source", "content"],
    }
    assert refused[0].faults[0].message == "渠道 web 已停用，请联系管理员。"
    kept = await intake.ask("GET", "rejected", CLERK)
    assert {row["source_ref"] for row in kept.json()} == {"WB-1", "WB-2"}


async def test_the_same_phone_has_the_same_index(intake: Intake) -> None:
    ids = [(await intake.registered(f"WB-{n}"))["complaint_id"] for n in range(2)]
    async with intake.store.reading() as session:
        found = await complaints.petitioners(session, ids)
    assert len({person.phone_index for person in found.values()}) == 1


async def test_a_window_registers_for_its_own_center_without_a_phone(intake: Intake) -> None:
    person = {"kind": "individual", "name": "郑秀兰", "other_contact": "李营村三组"}
    given = submission("CK-1", source="window", center=TOWNSHIP, petitioner=person)
    answer = await intake.submit(given, TOWN_CLERK)
    assert answer.json()["number"] == "SQ-ZHIDIAN-2026-0001"
    elsewhere = await intake.submit({**given, "source_ref": "CK-2", "center": COUNTY}, TOWN_CLERK)
    assert [fault["field"] for fault in elsewhere.json()["errors"]] == ["center"]
    taken = await intake.submit({**given, "center": COUNTY}, CLERK)
    assert [fault["field"] for fault in taken.json()["errors"]] == ["source_ref"]


def _answers(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(LINES)
    return [orjson.loads(line) for line in answer.content.splitlines()]


async def test_lines_are_registered_together_each_with_its_own_outcome(intake: Intake) -> None:
    lines = [submission("WB-1"), {"source_ref": "WB-2"}, submission("WB-3", center=TOWNSHIP), submission("WB-1")]
    body = b"\n\n".join(map(orjson.dumps, lines))
    first, bad, town, repeat = _answers(await intake.submit(body, kind=LINES))
    assert (first["line"], first["status"], first["number"]) == (1, 201, "SQ-2026-0001")
    assert (bad["line"], bad["status"]) == (3, 422)
    assert "center" in {fault["field"] for fault in bad["errors"]}
    assert (town["status"], town["number"]) == (201, "SQ-ZHIDIAN-2026-0001")
    assert (repeat["status"], repeat["number"], repeat["query_code"]) == (200, first["number"], first["query_code"])


async def test_many_lines_take_one_run_of_numbers(intake: Intake) -> None:
    body = b"\n".join(orjson.dumps(submission(f"WB-{n}")) for n in range(300))
    answers = _answers(await intake.submit(body, kind=LINES))
    assert [answer["number"] for answer in answers] == [f"SQ-2026-{n:04}" for n in range(1, 301)]
    assert [answer["status"] for answer in _answers(await intake.submit(body, kind=LINES))] == [200] * 300


async def test_too_many_lines_are_refused_as_a_whole(intake: Intake) -> None:
    answer = await intake.submit(b"{}\n" * 10_001, kind=LINES)
    assert answer.status_code == 413
    assert await numbers_in(intake) == []
