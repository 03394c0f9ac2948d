"""The doors on the bus: what outsiders write is taken or answered, and each reads what is for it, and nothing else."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aio_pika
import httpx
import pytest
from aiormq.exceptions import ChannelAccessRefused
from jsonschema import Draft202012Validator
from sqlalchemy import select

from deploy.county import load_county
from deploy.servers import Servers
from services.__main__ import build
from services.cli.play.doors import Doors
from services.cli.submit import over_bus
from services.cli.topology import definitions
from services.directory.jobs import move_drill_clock
from services.intake.tables import RejectedRow
from shared import clock
from shared.events.catalogue import FOLDER
from shared.house import House
from shared.messaging import topology
from shared.messaging.tables import ParkedRow
from shared.settings import SERVICES, settings
from tests.support.alone import at
from tests.support.kernel import until

BAD = Path(__file__).parents[1] / "data" / "bad_submissions.jsonl"
SCHEMAS = FOLDER / "partners"


class Bus:
    """A house with a bus, and an outsider's hands on it."""

    def __init__(self, house: House, connection: aio_pika.abc.AbstractConnection, client: httpx.AsyncClient) -> None:
        self.house = house
        self.connection = connection
        self.doors = Doors(dict.fromkeys(SERVICES, "http://house"), client)

    async def write(self, exchange: str, key: str, body: bytes, message_id: str | None = None) -> None:
        async with self.connection.channel() as channel:
            message = aio_pika.Message(body, message_id=message_id)
            await (await channel.get_exchange(exchange, ensure=False)).publish(message, key)

    async def read(self, queue: str, count: int = 1) -> list[dict[str, Any]]:
        """So many messages, once they are there; each as its published schema says."""
        found: list[dict[str, Any]] = []
        async with self.connection.channel() as channel:
            reader = await channel.get_queue(queue)

            async def all_read() -> bool:
                while message := await reader.get(fail=False, no_ack=True):
                    assert message.content_type == "application/cloudevents+json"
                    told = json.loads(message.body)
                    assert told["id"] == message.message_id
                    schema = json.loads((SCHEMAS / f"{told['type']}.v1.json").read_text())
                    Draft202012Validator(schema).validate(told["data"])
                    found.append(told)
                return len(found) >= count

            await until(all_read)
        assert len(found) == count, found
        return found

    async def quiet(self) -> None:
        async def is_quiet() -> bool:
            return (await self.house.quiet()).is_quiet(clock.now())

        await until(is_quiet)

    async def parked(self, service: str) -> list[str]:
        async with self.house.running[service].store.reading() as session:
            return list(await session.scalars(select(ParkedRow.error)))

    async def assigned(self, submission: dict[str, Any]) -> str:
        """Hand over over the bus, have it sorted and dispatched to zrzy; returns the complaint's id."""
        await self.write(topology.CHANNELS, "submission.web", json.dumps(submission).encode(), submission["source_ref"])
        [told] = await self.read("feedback.web")
        assert told["type"] == "complaint.registered"
        complaint_id: str = told["data"]["complaint_id"]
        clerk = await self.doors.as_member("clerk", "sq")
        await self.doors.complaint(complaint_id, "triage", clerk, triage="cannot")
        await self.quiet()
        await self.doors.order(complaint_id, "dispatch", await self.doors.as_member("coordinator", "sq"), lead="zrzy")
        return complaint_id


def submission(ref: str, **given: Any) -> dict[str, Any]:
    return {
        "source": "web",
        "source_ref": ref,
        "center": "sq",
        "reported_at": "2026-11-12T10:20:00+08:00",
        "petitioner": {"kind": "individual", "name": "张三丰", "phone": "19900001234", "address": "槐店镇人民路"},
        "category": "complaint",
        "content": "办理不动产登记，窗口三次说材料不齐。",
        **given,
    }


@pytest.fixture
async def bus(amqp_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bus]:
    """A house with the sample county, on Friday 13 November 2026 at nine."""
    given = {"VAR": tmp_path, "AMQP_URL": amqp_url, "SAMPLE": "true", "DRILL_CLOCK": tmp_path / "clock.json"}
    for name, value in given.items():
        monkeypatch.setenv(f"YOUSU_{name}", str(value))
    settings.cache_clear()
    clock.set_drill(at("11-13 09:00"))
    house = build(settings())
    try:
        async with house.app.router.lifespan_context(house.app):
            connection = await aio_pika.connect(amqp_url)
            transport = httpx.ASGITransport(app=house.app)
            async with connection, httpx.AsyncClient(transport=transport, base_url="http://house") as client:
                opened = Bus(house, connection, client)

                async def knows_partners() -> bool:
                    async with house.running["notify"].store.reading() as session:
                        own = house.running["notify"].service.partners
                        assert own
                        return bool(await own(session))

                await until(knows_partners)
                await opened.quiet()
                yield opened
    finally:
        settings.cache_clear()


def _lines() -> list[tuple[str, bytes, str]]:
    """Whose channel, what is sent, and what is expected of it."""
    found = []
    for text in BAD.read_text().splitlines():
        line = json.loads(text)
        if "body_base64" in line:
            body = base64.b64decode(line["body_base64"])
        else:
            body = line["body"].encode() if isinstance(line["body"], str) else json.dumps(line["body"]).encode()
        named = line["body"].get("source") if isinstance(line.get("body"), dict) else None
        found.append((named if named in ("hotline-12345", "window") else "web", body, line["expect"]))
    return found


@pytest.mark.parametrize("door", ["http", "bus"])
async def test_whatever_a_channel_sends_is_registered_or_told_every_fault(bus: Bus, door: str) -> None:
    lines = _lines()
    for place, (source, body, expect) in enumerate(lines):
        if door == "bus":
            await bus.write(topology.CHANNELS, f"submission.{source}", body, f"m{place}")
            continue
        headers = {"authorization": f"Bearer sample-{source}"}
        answer = await bus.doors.client.post("/intake/api/submissions", content=body, headers=headers)
        assert answer.status_code == {"accepted": 201, "duplicate": 200, "rejected": 422}[expect], answer.text
    told: list[dict[str, Any]] = []
    for source in {source for source, *_ in lines}:
        answered = [each for each in lines if each[0] == source and (door == "bus" or each[2] != "duplicate")]
        told += await bus.read(f"feedback.{source}", len(answered))
    if door == "bus":
        answers = {each["data"]["in_reply_to"]: each for each in told}
        for place, (_, _, expect) in enumerate(lines):
            answer = answers[f"m{place}"]
            assert answer["type"] == ("complaint.rejected" if expect == "rejected" else "complaint.registered")
            assert expect != "rejected" or all(fault["message"] for fault in answer["data"]["faults"])
        assert answers["m17"]["data"]["number"] == answers["m21"]["data"]["number"]
        assert answers["m17"]["data"]["query_code"] == answers["m22"]["data"]["query_code"]
    async with bus.house.running["intake"].store.reading() as session:
        kept = (await session.scalars(select(RejectedRow))).all()
    assert len(kept) == sum(expect == "rejected" for *_, expect in lines)
    assert all(row.faults for row in kept)
    assert await bus.parked("intake") == []


async def test_a_message_delivered_three_times_is_one_complaint(bus: Bus) -> None:
    event = {"specversion": "1.0", "id": "1", "type": "submission", "source": "x", "data": submission("WB-1")}
    for _ in range(3):
        await bus.write(topology.CHANNELS, "submission.web", json.dumps(event).encode(), "once")
    [told] = await bus.read("feedback.web")
    await bus.quiet()
    assert told["data"]["in_reply_to"] == "once"
    assert told["data"]["number"].startswith("SQ-2026-")
    await bus.read("feedback.web", 0)


async def test_the_channel_of_nobody_waits_until_it_is_known_and_is_not_lost(bus: Bus) -> None:
    await bus.write(topology.CHANNELS, "submission.wechat", json.dumps(submission("WX-1")).encode())

    async def is_parked() -> bool:
        return bool(await bus.parked("intake"))

    await until(is_parked)
    assert "wechat" in (await bus.parked("intake"))[0]


async def test_a_department_gets_its_order_replies_and_hears_what_was_wrong(bus: Bus) -> None:
    complaint_id = await bus.assigned(submission("WB-2"))
    [order] = await bus.read("department.sq.zrzy")
    assert order["type"] == "order.assigned"
    data = order["data"]
    assert data["due_at"] == "2026-11-18T17:30:00+08:00"
    assert (data["petitioner"]["name"], data["petitioner"]["phone"]) == ("张三丰", "19900001234")
    reply = {"order": data["number"], "round": 1, "stage": "reply", "kind": "reasons", "text": "土地权属有争议。"}

    await bus.write(topology.DEPARTMENTS, "reply.sq.zrzy", json.dumps(reply | {"replied_by": "王科"}).encode(), "r1")
    await bus.write(topology.DEPARTMENTS, "reply.sq.zrzy", b"\xff", "r2")
    await bus.write(topology.DEPARTMENTS, "reply.sq.zjj", json.dumps(reply | {"replied_by": "李科"}).encode(), "r3")
    refused = {each["data"]["in_reply_to"]: each for each in await bus.read("department.sq.zrzy", 2)}
    assert {each["type"] for each in refused.values()} == {"reply.rejected"}
    assert refused["r1"]["data"]["faults"][0]["field"] == "legal_basis"
    assert refused["r2"]["data"]["order"] is None
    [not_its_own] = await bus.read("department.sq.zjj")
    assert not_its_own["data"]["in_reply_to"] == "r3"

    good = reply | {"replied_by": "王科", "legal_basis": "《不动产登记暂行条例》第二十二条"}
    await bus.write(topology.DEPARTMENTS, "reply.sq.zrzy", json.dumps(good).encode(), "r4")
    told = {each["type"]: each["data"] for each in await bus.read("feedback.web", 2)}
    assert told["complaint.dispatched"]["in_reply_to"] == "WB-2"
    assert told["complaint.replied"]["text"] == "土地权属有争议。"
    coordinator = await bus.doors.as_member("coordinator", "sq")
    file = await bus.doors.call("GET", f"/dispatch/api/orders/{complaint_id}", coordinator)
    assert file["state"] == "checking"
    assert await bus.parked("dispatch") == []


async def test_inspection_hears_who_is_late_and_nothing_of_the_petitioner(bus: Bus) -> None:
    await bus.assigned(submission("WB-3"))
    await bus.quiet()
    await move_drill_clock(bus.house, at("11-18 09:00") + timedelta(days=5))
    told = await bus.read("supervision.sq", 3)  # and on Monday morning the week's digest
    assert [each["type"] for each in told] == ["escalation.supervised", "escalation.reported", "digest.compiled"]
    told += await bus.read("government.sq")
    said = json.dumps(told, ensure_ascii=False)
    assert not any(secret in said for secret in ("张三丰", "19900001234", "人民路", "材料不齐"))
    types = [each["type"] for each in await bus.read("department.sq.zrzy", 4)]
    assert types == ["order.assigned", "order.urged", "order.supervised", "order.reported"]


async def test_a_department_a_confidential_complaint_is_about_does_not_see_who_complained(bus: Bus) -> None:
    await bus.assigned(submission("WB-4", confidential=True, about="自然资源局"))
    [order] = await bus.read("department.sq.zrzy")
    assert order["data"]["petitioner"] is None
    assert order["data"]["confidential"]


async def test_lines_submitted_over_the_bus_are_each_answered(bus: Bus, amqp_url: str) -> None:
    lines = [json.dumps(submission("WB-5")).encode(), b"{}", json.dumps(submission("WB-5")).encode()]
    answers = {answer["line"]: answer async for answer in over_bus(lines, "web", amqp_url)}
    assert [answers[place]["status"] for place in (1, 2, 3)] == [201, 422, 201]
    assert answers[1]["number"] == answers[3]["number"]
    assert {fault["field"] for fault in answers[2]["errors"]} >= {"petitioner", "content", "center"}


async def _may(url: str, queue: str | None, key: tuple[str, str] | None = None) -> bool:
    """Whether this user may read this queue, or write this key to this exchange."""
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        try:
            if queue:
                await (await channel.get_queue(queue, ensure=False)).get(fail=False, no_ack=True)
            if key:
                exchange = await channel.get_exchange(key[0], ensure=False)
                await exchange.publish(aio_pika.Message(b"{}"), key[1], mandatory=False)
        except (ChannelAccessRefused, aio_pika.exceptions.ChannelClosed):
            return False
        return True


async def test_each_partner_reads_and_writes_its_own_and_nothing_else(
    servers: Servers, amqp_url: str, tmp_path: Path
) -> None:
    address, _, vhost = amqp_url.rpartition("/")
    partners = [partner.queue for partner in load_county().partners]
    file = tmp_path / "definitions.json"
    file.write_text(json.dumps(definitions(partners, vhost)))
    servers.rabbitmq.ctl("import_definitions", str(file))
    users = ("channel-web", "department-sq-zrzy", "supervision-sq")
    for user in users:
        servers.rabbitmq.ctl("change_password", user, "drill")
    host = address.rpartition("@")[2]
    web, zrzy, inspection = (f"amqp://{user}:drill@{host}/{vhost}" for user in users)

    assert await _may(web, "feedback.web", (topology.CHANNELS, "submission.web"))
    assert not await _may(web, None, (topology.CHANNELS, "submission.hotline-12345"))
    assert not await _may(web, None, (topology.EVENTS, "complaint.registered.v1.sq"))
    assert not await _may(web, "feedback.hotline-12345")
    assert await _may(zrzy, "department.sq.zrzy", (topology.DEPARTMENTS, "reply.sq.zrzy"))
    assert not await _may(zrzy, None, (topology.DEPARTMENTS, "reply.sq.zjj"))
    assert not await _may(zrzy, "department.sq.zjj")
    assert not await _may(zrzy, None, (topology.CHANNELS, "submission.web"))
    assert await _may(inspection, "supervision.sq")
    assert not await _may(inspection, "government.sq")
    assert not await _may(inspection, None, (topology.PARTNERS, "supervision.sq"))
    for user in users:
        servers.rabbitmq.ctl("delete_user", user)
