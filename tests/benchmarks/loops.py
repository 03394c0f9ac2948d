"""Whole closed loops, driven from outside as the parties would: many at a time, cheaply.

A channel hands a complaint over; a clerk sorts it; the coordinator dispatches it as soon as the order is there; the
department's own system finds the assignment in its queue and answers; the coordinator checks and asks the petitioner.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, Literal, Self

import orjson

from shared.ids import new_id
from shared.workdays import CHINA
from tests.benchmarks.bus import Partners
from tests.benchmarks.client import Client
from tests.benchmarks.house import House
from tests.benchmarks.machine import own_cpu_seconds
from tests.benchmarks.watch import Traffic, Watch

SOURCE = "hotline-12345"
DEPARTMENT = "sq.zrzy"
CLOSED_WITHIN = 300
"""Seconds one loop may take."""

Way = Literal["http", "bus"]


@dataclass(frozen=True)
class Ways:
    """By which door the channel submits, and the department replies."""

    submit: Way = "http"
    reply: Way = "bus"


@dataclass(frozen=True)
class Run:
    """What a run of loops came to; `seconds` until the whole house was quiet again."""

    loops: int
    seconds: float
    traffic: Traffic
    driver_cpu: float
    house_cpu: dict[str, float]
    turned_away: int
    """Requests answered 503 and asked again."""
    servers_cpu: dict[str, float] = field(default_factory=dict)
    """Where somebody has looked."""

    @property
    def per_second(self) -> float:
        """Closed loops a second."""
        return self.loops / self.seconds


def submission(ref: str, number: int) -> dict[str, Any]:
    """A complaint; no two alike, and the phone of one in a thousand comes again."""
    return {
        "source": SOURCE,
        "source_ref": ref,
        "center": "sq",
        "reported_at": datetime.now(CHINA).isoformat(),
        "petitioner": {
            "kind": "individual",
            "name": "周春梅",
            "phone": f"199{number % 100_000_000:08}",
            "address": f"沈丘县槐店镇吉祥路{number % 400}号",
        },
        "category": "complaint",
        "content": f"材料都交齐了，窗口还是不给办理不动产登记，跑了三趟，每次都说系统升级（来电编号{ref}）。",
    }


class Driver:
    """Everyone who has to do with a complaint in one house."""

    def __init__(self, house: House, watch: Watch, ways: Ways | None = None) -> None:
        assert house.amqp_url
        self.house = house
        self.watch = watch
        self.ways = ways or Ways()
        self.intake = Client(house.origins["intake"])
        self.dispatch = Client(house.origins["dispatch"])
        self.partners = Partners(house.amqp_url)
        self.heard: dict[tuple[str, str], asyncio.Future[dict[str, Any]]] = {}
        self._numbers = count(time.time_ns() % 10_000_000)
        self.closed = 0
        """Loops so far."""
        self.to_department: list[float] = []
        """Seconds from the dispatch call until the assignment was read, one for each loop."""
        self.to_channel: list[float] = []
        """Seconds from a submission on the bus until its feedback was read."""

    async def __aenter__(self) -> Self:
        await self.partners.__aenter__()
        await self.partners.read(f"department.{DEPARTMENT}", self._hear)
        await self.partners.read(f"feedback.{SOURCE}", self._hear)
        tokens = {name: await self.house.doors.token(f"{name}-sq") for name in ("clerk", "coordinator")}
        self.clerk, self.coordinator = (f"Bearer {tokens[name]}" for name in ("clerk", "coordinator"))
        self.officer = f"Bearer {await self.house.doors.token('officer-zrzy')}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.intake.close()
        self.dispatch.close()
        await self.partners.__aexit__()

    async def run(self, loops: int, in_flight: int) -> Run:
        """Close so many loops, never more than `in_flight` open; ends when all is quiet."""
        since, left = new_id(), iter(range(loops))
        away = self.intake.turned_away + self.dispatch.turned_away
        driver, services, began = own_cpu_seconds(), self.house.cpu_seconds(), time.perf_counter()

        async def keep_closing() -> None:
            for _ in left:
                async with asyncio.timeout(CLOSED_WITHIN):
                    await self.close_one()

        async with asyncio.TaskGroup() as group:
            for _ in range(in_flight):
                group.create_task(keep_closing())
        traffic = await self.watch.until_quiet(since)
        seconds = time.perf_counter() - began
        used = {name: after - services[name] for name, after in self.house.cpu_seconds().items()}
        fates = await self.watch.fates(since)
        if fates != {"zeroed/zeroed": loops} or await self.watch.parked():
            raise AssertionError(f"{loops} loops, of which {fates}; parked: {await self.watch.parked()}")
        away = self.intake.turned_away + self.dispatch.turned_away - away
        return Run(loops, seconds, traffic, own_cpu_seconds() - driver, used, away)

    async def close_one(self) -> str:
        """One loop, from submitting to the word that it is zeroed; the complaint's id."""
        complaint_id, order = await self.open_one()
        closed = self._expect("complaint.closed", complaint_id)
        await self._reply(complaint_id, order)
        await self._order(complaint_id, "check", self.coordinator, {"passed": True})
        given = {"satisfaction": "satisfied", "opinion": "办好了，满意。", "method": "phone", "solved": True}
        await self._order(complaint_id, "follow-up", self.coordinator, given)
        await closed
        self.closed += 1
        return complaint_id

    async def open_one(self) -> tuple[str, dict[str, Any]]:
        """Its first half: a complaint's id, and its assignment as the department has read it."""
        complaint_id = await self.submit()
        await self.intake.post(f"/intake/api/complaints/{complaint_id}/triage", self.clerk, {"triage": "refused"})
        await self.watch.until_order(complaint_id, "pending")
        assigned = self._expect("order.assigned", complaint_id)
        called = time.perf_counter()
        await self._order(complaint_id, "dispatch", self.coordinator, {"lead": "zrzy"})
        order = await assigned
        self.to_department.append(time.perf_counter() - called)
        return complaint_id, order

    async def open_declined(self) -> str:
        """A loop's first half, after which the department says that it is not its matter; the complaint's id."""
        complaint_id, _ = await self.open_one()
        await self._order(complaint_id, "decline", self.officer, {"reason": "不属于本部门职责。"})
        return complaint_id

    async def uphold(self, complaint_id: str) -> None:
        """Agree to that: its clock is lifted."""
        await self._order(complaint_id, "decline", self.coordinator, {"uphold": True, "reasons": "同意。"})

    async def submit(self) -> str:
        """Hand a complaint over; its id, as the channel is told it."""
        number = next(self._numbers)
        given = submission(f"B-{number}", number)
        if self.ways.submit == "http":
            answer = await self.intake.ask_for("/intake/api/submissions", f"Bearer sample-{SOURCE}", given)
            return str(answer["complaint_id"])
        return (await self.submit_on_bus(given))["complaint_id"]

    async def submit_lines(self, path: str, lines: int) -> None:
        """Hand many over in one request; each is registered, or this fails."""
        numbers = [next(self._numbers) for _ in range(lines)]
        body = b"\n".join(orjson.dumps(submission(f"L-{number}", number)) for number in numbers)
        answer = await self.intake.post(path, f"Bearer sample-{SOURCE}", body, "application/x-ndjson")
        statuses = [orjson.loads(line)["status"] for line in answer.splitlines()]
        if statuses != [201] * lines:
            raise AssertionError(f"of {lines} lines: {statuses}")

    async def submit_on_bus(self, given: dict[str, Any]) -> dict[str, Any]:
        """The same over the bus; what the channel's feedback says of it."""
        message_id = new_id()
        registered = self._expect("complaint.registered", message_id)
        sent = time.perf_counter()
        await self.partners.submit(SOURCE, message_id, given)
        answer = await registered
        self.to_channel.append(time.perf_counter() - sent)
        return answer

    async def _reply(self, complaint_id: str, order: dict[str, Any]) -> None:
        answer = {"kind": "result", "text": "已为申请人办结登记并发放证书。"}
        if self.ways.reply == "http":
            await self._order(complaint_id, "reply", self.officer, answer)
            return
        answer |= {key: order[key] for key in ("round", "stage")} | {"order": complaint_id, "replied_by": "经办人"}
        await self.partners.reply(DEPARTMENT, new_id(), answer)
        await self.watch.until_order(complaint_id, "checking")

    async def _order(self, complaint_id: str, action: str, who: str, given: dict[str, Any]) -> None:
        await self.dispatch.post(f"/dispatch/api/orders/{complaint_id}/{action}", who, given)

    def _expect(self, kind: str, about: str) -> asyncio.Future[dict[str, Any]]:
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.heard[kind, about] = future
        return future

    def _hear(self, message: dict[str, Any]) -> None:
        data = message["data"]
        for about in (data.get("in_reply_to"), message["subject"]):
            if about and (future := self.heard.pop((message["type"], about), None)) and not future.done():
                future.set_result(data)
