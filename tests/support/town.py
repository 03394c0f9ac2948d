"""A county at work in one embedded house: everyone in it at the public doors, and a clock that a test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.__main__ import build
from services.cli.play.doors import Doors
from services.cli.play.playhouse import UNHURRIED
from services.directory.jobs import move_drill_clock
from shared import clock
from shared.house import House
from shared.messaging.tables import ParkedRow
from shared.settings import SERVICES, settings
from shared.workdays import CHINA, Calendar
from tests.support import cheap

CLERK, COORDINATOR, HEAD = "clerk-sq", "coordinator-sq", "head-sq"
"""Of the county's center; a township's are called `clerk-sq-zhidian`, a department's officer `officer-zrzy`."""
AUDITOR, ADMINISTRATOR = "auditor-sq", "admin"
EDITOR, APPROVER = "case-editor-sq", "case-approver-sq"
TOWNSHIP = "sq-zhidian"
HOTLINE = "sample-hotline-12345"
"""A channel speaks with its key."""

OPENED = datetime(2022, 10, 10, 9, tzinfo=CHINA)
"""When a town begins: the Monday after the notice's first National Day."""
WINTER = {10, 11, 12, 1, 2, 3, 4}
"""The months in which business closes at 17:30."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Json = Any


class Town:
    """What a test does there. Whatever is done has reached everyone when it returns.

    Times read `Mon 09:00` in the week the test began with `new_week`, `next Mon 09:00` in the one after it, and so on
    (`next next …`); ordinary weeks, as many as were asked for: five days of work and two days off.
    """

    def __init__(self, house: House, client: httpx.AsyncClient) -> None:
        self.app = house.app
        self._house = house
        self.doors = Doors(dict.fromkeys(SERVICES, ""), client)
        self._client = client
        self._calendar = Calendar()
        self._monday = OPENED.date()
        self._refs = count(1)

    @classmethod
    @asynccontextmanager
    async def at_work(cls, folder: Path, *, opened: datetime = OPENED, digests: bool = False) -> AsyncIterator[Town]:
        """The sample county's house in this process, with its files in the folder; it is told digests only if asked."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("YOUSU_VAR", str(folder))
            patch.setenv("YOUSU_DRILL_CLOCK", str(folder / "clock.json"))
            patch.setenv("YOUSU_SAMPLE", "true")
            patch.setenv("YOUSU_DAILY_DIGEST", str(digests))
            for name, most in UNHURRIED.items():
                patch.setenv(name, most)
            cheap.without_threads(patch)
            settings.cache_clear()
            clock.set_drill(opened)
            house = build(settings())
            for running in house.running.values():
                cheap.never_flushed(running.store)
            transport = httpx.ASGITransport(app=house.app, raise_app_exceptions=False)
            async with (
                house.app.router.lifespan_context(house.app),
                httpx.AsyncClient(transport=transport, base_url="http://town") as client,
            ):
                town = cls(house, client)
                await town.settle()
                yield town
        settings.cache_clear()

    # Time

    async def new_week(self, weeks: int = 2) -> None:
        """Wait for the next Monday, at nine, that begins so many weeks without a holiday."""
        monday = clock.now().date() + timedelta(days=1)
        while monday.weekday() or not self._is_ordinary(monday, 7 * weeks):
            monday += timedelta(days=1)
        self._monday = monday
        await self.until("Mon 09:00")

    def _is_ordinary(self, monday: date, days: int) -> bool:
        following = [monday + timedelta(days=n) for n in range(days)]
        return all(day.month in WINTER and self._calendar.is_workday(day) == (day.weekday() < 5) for day in following)

    def at(self, text: str) -> datetime:
        """The instant that `Thu 17:30` or `next Mon 09:00:30` means now."""
        *nexts, weekday, clock_time = text.split()
        day = self._monday + timedelta(weeks=len(nexts), days=WEEKDAYS.index(weekday))
        return datetime.combine(day, time.fromisoformat(clock_time), CHINA)

    def day(self, text: str) -> str:
        """The date that `Thu` or `next Mon` means now, as a door takes it."""
        return self.at(f"{text} 00:00").date().isoformat()

    def said(self, instant: str | None) -> str | None:
        """An instant a door told, in this week's words, to the minute."""
        if instant is None:
            return None
        at = datetime.fromisoformat(instant).astimezone(CHINA)
        weeks = (at.date() - self._monday).days // 7
        return f"{'next ' * weeks}{WEEKDAYS[at.weekday()]} {at:%H:%M}"

    async def until(self, text: str) -> None:
        """Let time pass until then; what falls due on the way happens."""
        await move_drill_clock(self._house, self.at(text))

    async def settle(self) -> None:
        """Wait until everyone has heard everything."""
        await move_drill_clock(self._house, clock.now())

    # Doors

    async def ask(self, who: str | None, method: str, path: str, **given: Any) -> httpx.Response:
        """Knock at a door: as a member by username, as a channel by key, or as anyone."""
        secret = who if who is None or who.startswith("sample-") else await self.doors.token(who)
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        answer = await self._client.request(method, path, headers=headers | given.pop("headers", {}), **given)
        await self.settle()
        return answer

    async def read(self, who: str | None, path: str, /, **params: Any) -> Json:
        """What a door tells."""
        return _granted(await self.ask(who, "GET", path, params=params))

    async def do(self, who: str | None, path: str, /, **given: Any) -> Json:
        """Have something done."""
        return _granted(await self.ask(who, "POST", path, json=given))

    async def put(self, who: str | None, path: str, /, **given: Any) -> Json:
        """Have something put in the place of what was there."""
        return _granted(await self.ask(who, "PUT", path, json=given))

    async def refused(self, who: str | None, path: str, /, **given: Any) -> str:
        """Have something refused: the code, and the fields at fault."""
        return refusal(await self.ask(who, "POST", path, json=given))

    async def not_told(self, who: str | None, path: str, /, **params: Any) -> str:
        """Have a question refused, likewise."""
        return refusal(await self.ask(who, "GET", path, params=params))

    async def not_taken(self, who: str | None, path: str, files: Any = None, /, **typed: Any) -> str:
        """Have a form refused, likewise."""
        return refusal(await self.ask(who, "POST", path, data=typed, files=files))

    # What goes wrong

    async def takes(self, service: str, message: bytes) -> None:
        """Have a service be sent this."""
        await self._house.running[service].receiver.take([message])

    async def holds(self, service: str, parked: ParkedRow) -> None:
        """Have a service hold what it could not take."""
        async with self._house.running[service].store.transaction() as session:
            session.add(parked)

    # Complaints

    def submission(self, **changed: Any) -> dict[str, Any]:
        """A good submission with a reference of its own, with some of its fields changed."""
        ref = f"REF-{next(self._refs)}"
        return {
            "source_ref": ref,
            "center": "sq",
            "reported_at": clock.now().isoformat(),
            "petitioner": {
                "kind": "individual",
                "name": "周春梅",
                "phone": "19900007001",
                "address": "沈丘县槐店镇吉祥路14号",
            },
            "category": "complaint",
            "content": f"材料都交齐了，窗口还是不给办理不动产登记，跑了三趟（{ref}）。",
        } | changed

    async def complains(self, by: str = HOTLINE, **changed: Any) -> dict[str, str]:
        """Somebody complains; the receipt."""
        receipt: dict[str, str] = await self.do(by, "/intake/api/submissions", **self.submission(**changed))
        return receipt

    async def complaint(self, triage: str, center: str = "sq", **changed: Any) -> str:
        """A complaint, registered and sorted by the center's clerk; its id."""
        complaint_id = (await self.complains(center=center, **changed))["complaint_id"]
        await self.do(f"clerk-{center}", f"/intake/api/complaints/{complaint_id}/triage", triage=triage)
        return complaint_id

    async def dispatched(self, triage: str, *co_handlers: str, lead: str = "zrzy", **given: Any) -> str:
        """A complaint to the county, sorted and dispatched; its id."""
        complaint_id = await self.complaint(triage)
        await self.order(complaint_id, "dispatch", lead=lead, co_handlers=list(co_handlers), **given)
        return complaint_id

    async def order(self, complaint_id: str, action: str, who: str = COORDINATOR, **given: Any) -> Json:
        """Do something to an order."""
        return await self.do(who, f"/dispatch/api/orders/{complaint_id}/{action}", **given)

    async def order_refused(self, complaint_id: str, action: str, who: str = COORDINATOR, **given: Any) -> str:
        """Have something about an order refused."""
        return await self.refused(who, f"/dispatch/api/orders/{complaint_id}/{action}", **given)

    async def replied(self, complaint_id: str, kind: str, department: str = "zrzy", **given: Any) -> Json:
        """A department answers; reasons with their legal basis."""
        basis = {"legal_basis": "《不动产登记暂行条例》第二十二条"} if kind == "reasons" else {}
        given = {"kind": kind, "text": "经办人已核实情况，答复如上。"} | basis | given
        return await self.order(complaint_id, "reply", f"officer-{department}", **given)

    async def followed_up(self, complaint_id: str, satisfaction: str, **given: Any) -> Json:
        """The coordinator has asked the petitioner."""
        heard = {"satisfaction": satisfaction, "opinion": "知道了，谢谢。", "method": "phone"}
        return await self.order(complaint_id, "follow-up", **heard | given)

    async def file(self, complaint_id: str, who: str = AUDITOR) -> Json:
        """Everything about an order."""
        return await self.read(who, f"/dispatch/api/orders/{complaint_id}")

    async def due(self, complaint_id: str) -> str | None:
        """When the order's leg is due, in this week's words."""
        return self.said((await self.file(complaint_id))["due_at"])

    async def rungs(self, complaint_id: str) -> list[tuple[str, str | None]]:
        """The ladder's rungs and when each was given."""
        rungs = (await self.file(complaint_id))["rungs"]
        return [(rung["rung"], self.said(rung["at"])) for rung in rungs if not rung["by_hand"]]

    async def told(self, complaint_id: str) -> set[str]:
        """Who was told what of it so far: `petitioner.dispatched`, `department.assigned` …"""
        return {message["template"] for message in await self.messages(complaint_id)}

    async def letter(self, complaint_id: str, template: str) -> str:
        """The one message of this kind about it, as staff see it."""
        [text] = await self.messages_of(complaint_id, template)
        return text

    async def messages_of(self, complaint_id: str, template: str) -> list[str]:
        """Every message of this kind about it, as staff see it, the newest first."""
        return [str(each["text"]) for each in await self.messages(complaint_id) if each["template"] == template]

    async def messages(self, complaint_id: str) -> list[dict[str, Any]]:
        """Every message about it, the newest first."""
        found = await self.read(AUDITOR, "/notify/api/messages", complaint_id=complaint_id, limit=200)
        messages: list[dict[str, Any]] = found["messages"]
        return messages

    async def row(self, complaint_id: str, center: str = "sq") -> dict[str, Any]:
        """Its row in this center's ledger."""
        content = (await self.read(AUDITOR, f"/intake/api/complaints/{complaint_id}"))["content"]
        rows = await self.read(AUDITOR, "/intake/api/ledger", center=center)
        [row] = [row for row in rows if row["主要诉求"] == content]
        return dict(row)


def refusal(answer: httpx.Response) -> str:
    """The code of a refusal, and the fields at fault. Every sentence is Chinese, and a whole one."""
    assert answer.is_client_error, answer.text
    problem = answer.json()
    faults = problem.get("errors", [])
    for sentence in (problem["detail"], *(fault["message"] for fault in faults)):
        assert sentence.endswith("。"), problem
        assert not sentence.isascii(), problem
    return " ".join([problem["code"], *(fault["field"] for fault in faults)])


def _granted(answer: httpx.Response) -> Json:
    assert answer.is_success, answer.text
    return answer.json()
