"""The life of one complaint, told as the instants at which somebody does something about it.

Each `yield` is an instant to wait for; what follows it happens then (sample data page, "How play acts a handling").
"""

from collections.abc import AsyncIterator
from datetime import datetime, time
from typing import Any

from services.cli.play.doors import Doors
from services.cli.play.scenario import Reply, Scene
from shared.workdays import CHINA

LATER = 5
"""Office minutes a department takes for what it does at once."""
TEN = time(10, 0)
BY_LAW = "该事项应通过法定渠道办理，不属于政务服务转办范围。"
"""Why somebody is directed elsewhere, and why one who is not content with that is told so again."""


class Story:
    """Plays one scene."""

    def __init__(self, scene: Scene, doors: Doors, registered: set[str]) -> None:
        """`registered` is shared by all stories of a play: the ids of the complaints that one of them has begun."""
        self.scene = scene
        self.doors = doors
        self.registered = registered
        self.is_repeat = False
        self.center = str(scene.submission["center"])
        self.handling_center = scene.transfer_to_center or self.center
        self.now = scene.reported_at
        self.number = ""
        self.complaint_id = ""

    async def live(self) -> AsyncIterator[datetime]:
        """The whole life; every instant it yields is at or after the one before."""
        yield self.now
        answer = await self.doors.submit(self.scene.submission)
        self.number, self.complaint_id = answer["number"], answer["complaint_id"]
        self.is_repeat = self.complaint_id in self.registered
        if self.is_repeat:
            return  # the same source and reference twice is one complaint (mechanism §2): it has its handling
        self.registered.add(self.complaint_id)
        yield self._at(await self.doors.opening(self.center, self.now))
        await self._triage()
        yield self.now
        handle = {"general": self._settle, "out_of_scope": self._send_elsewhere}.get(self.scene.triage, self._dispatch)
        async for instant in handle():
            yield instant

    async def _triage(self) -> None:
        clerk = await self.doors.as_member("clerk", self.center)
        await self.doors.complaint(self.complaint_id, "triage", clerk, triage=self.scene.triage)

    async def _settle(self) -> AsyncIterator[datetime]:
        clerk = await self.doors.as_member("clerk", self.center)
        given = {"result": self.scene.on_spot_result, "helped_by": self.scene.lead}
        await self.doors.complaint(self.complaint_id, "settle", clerk, **given)
        async for instant in self._follow_up(None):
            yield instant

    async def _send_elsewhere(self) -> AsyncIterator[datetime]:
        scene = self.scene
        if scene.directed_to:
            await self._order("direct", "coordinator", channel=scene.directed_to, reason=BY_LAW)
        else:
            reason = "该事项不属于本中心政务服务范围。"
            await self._order("refer", "coordinator", unit=scene.external_unit, reason=reason)
            assert scene.result
            yield await self._on_day(scene.result.after_working_days, self.now)
            await self._order("outcome", "coordinator", text=scene.result.text)
        async for instant in self._follow_up(scene.result):
            yield instant

    async def _dispatch(self) -> AsyncIterator[datetime]:
        scene = self.scene
        if scene.transfer_to_center:
            token = await self.doors.as_member("coordinator", self.center)
            given = {"to_center": scene.transfer_to_center, "reason": "该事项由贵中心协调办理更为适宜。"}
            await self.doors.order(self.complaint_id, "transfer", token, **given)
            yield self.now
        dispatched_at = self.now
        await self._order("dispatch", "coordinator", lead=scene.lead, co_handlers=list(scene.co_handlers))
        answer = scene.reply
        assert answer
        yield await self._on_day(answer.after_working_days, dispatched_at)
        if answer.kind == "plan":
            assert scene.result
            assert scene.committed_working_days is not None
            committed_on = await self.doors.workday_after(
                self.handling_center, dispatched_at.date(), scene.committed_working_days
            )
            await self._reply(answer, committed_on=committed_on.isoformat())
            answer = scene.result
            yield await self._on_day(answer.after_working_days, dispatched_at)
        await self._co_handlers_reply()
        await self._reply(answer)
        yield self.now
        if scene.returned_once:
            await self._order(
                "check", "coordinator", passed=False, reasons="答复不够具体，请补充依据和办理情况后重报。"
            )
            yield await self._a_little_later()
            await self._reply(answer)
            yield self.now
        await self._order("check", "coordinator", passed=True)
        async for instant in self._follow_up(answer):
            yield instant

    async def _follow_up(self, answer: Reply | None) -> AsyncIterator[datetime]:
        """Ask; while there is a successor to a dissatisfied answer, redo and ask again; else close or conclude."""
        last = len(self.scene.follow_ups) - 1
        for number, heard in enumerate(self.scene.follow_ups):
            yield self.now
            dissatisfied = heard.satisfaction == "dissatisfied"
            then = ("redo" if number < last else "conclude") if dissatisfied else None
            given = {"satisfaction": heard.satisfaction, "solved": not dissatisfied, "opinion": heard.opinion}
            await self._order("follow-up", "coordinator", method="phone", then=then, **given)
            yield self.now
            if then == "redo":
                async for instant in self._redo(answer):
                    yield instant
                continue
            if then == "conclude":
                await self._conclude(answer)
            return

    async def _redo(self, answer: Reply | None) -> AsyncIterator[datetime]:
        yield await self._a_little_later()
        if self.scene.triage == "general":
            clerk = await self.doors.as_member("clerk", self.center)
            await self.doors.complaint(self.complaint_id, "settle", clerk, result=self.scene.on_spot_result)
        elif self.scene.directed_to:
            await self._order("direct", "coordinator", channel=self.scene.directed_to, reason=f"再次告知：{BY_LAW}")
        elif self.scene.external_unit:
            assert answer
            await self._order("outcome", "coordinator", text=answer.text)
        else:
            assert answer
            await self._reply(answer)
            yield self.now
            await self._order("check", "coordinator", passed=True)

    async def _conclude(self, answer: Reply | None) -> None:
        basis = (
            self.scene.reply.legal_basis if self.scene.reply else None
        ) or "《政务服务“有诉即办”诉求响应工作机制（试行）》第十条"
        reasons = answer.text if answer else self.scene.on_spot_result or BY_LAW
        await self._order("conclude", "coordinator", reasons=reasons, legal_basis=basis)
        await self._order("conclude", "head", approve=True)

    async def _reply(self, answer: Reply, **given: Any) -> None:
        await self._reply_as("lead", answer.kind, answer.text, legal_basis=answer.legal_basis, **given)

    async def _co_handlers_reply(self) -> None:
        for party in (await self._read())["co_handlers"]:
            officer = await self.doors.as_member("officer", party["center"], party["department"])
            given = {"kind": "result", "text": "本单位协办事项已办结，材料已交牵头部门。"}
            await self.doors.order(self.complaint_id, "reply", officer, **given)

    async def _reply_as(self, who: str, kind: str, text: str, **given: Any) -> None:
        party = (await self._read())[who]
        officer = await self.doors.as_member("officer", party["center"], party["department"])
        await self.doors.order(self.complaint_id, "reply", officer, kind=kind, text=text, **given)

    async def _order(self, action: str, role: str, **given: Any) -> None:
        await self.doors.order(
            self.complaint_id, action, await self.doors.as_member(role, self.handling_center), **given
        )

    async def _read(self) -> dict[str, Any]:
        token = await self.doors.as_member("coordinator", self.handling_center)
        order: dict[str, Any] = await self.doors.call("GET", f"/dispatch/api/orders/{self.complaint_id}", token)
        return order

    async def read_back(self) -> dict[str, Any]:
        """What became of it, as the doors tell it."""
        order = await self._read()
        token = await self.doors.as_member("coordinator", self.handling_center)
        told = await self.doors.call("GET", "/notify/api/messages", token, params={"complaint_id": self.complaint_id})
        fired = {rung["rung"] for rung in order["rungs"] if not rung.get("by_hand")}
        return {
            "source_ref": self.scene.source_ref,
            "number": self.number,
            "rungs": [rung for rung in ("urged", "supervised", "reported") if rung in fired],
            "redo": order["redo"],
            "overdue": order["overdue"],
            "final": order["final"],
            "notified": told["total"],
        }

    async def _on_day(self, working_days: int, dispatched_at: datetime) -> datetime:
        if working_days == 0:
            return self._at(await self.doors.minutes_later(self.handling_center, dispatched_at, LATER))
        day = await self.doors.workday_after(self.handling_center, dispatched_at.date(), working_days)
        return self._at(datetime.combine(day, TEN, CHINA))

    async def _a_little_later(self) -> datetime:
        return self._at(await self.doors.minutes_later(self.handling_center, self.now, LATER))

    def _at(self, instant: datetime) -> datetime:
        self.now = max(self.now, instant)
        return self.now
