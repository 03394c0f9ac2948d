"""The hands of every party to one complaint: what each does at the doors, and when a working day's business is done."""

from datetime import datetime, time
from typing import Any

from services.cli.play.doors import Doors
from services.cli.play.scenario import Reply, Scene
from shared.workdays import CHINA

LATER = 5
"""Office minutes somebody takes for what is done at once."""
TEN, THREE = time(10, 0), time(15, 0)


class Hands:
    """Acts for one scene's parties; `now` is the instant at which they do."""

    def __init__(self, scene: Scene, doors: Doors) -> None:
        self.scene = scene
        self.doors = doors
        self.center = str(scene.submission["center"])
        self.handling_center = scene.transfer_to_center or self.center
        self.now = scene.reported_at
        self.number = ""
        self.query_code = ""
        self.complaint_id = ""

    async def order(self, action: str, role: str, **given: Any) -> None:
        """Somebody of the office that has it does something to the order."""
        await self.doors.order(
            self.complaint_id, action, await self.doors.as_member(role, self.handling_center), **given
        )

    async def read(self) -> dict[str, Any]:
        """Everything about the order."""
        token = await self.doors.as_member("coordinator", self.handling_center)
        order: dict[str, Any] = await self.doors.call("GET", f"/dispatch/api/orders/{self.complaint_id}", token)
        return order

    async def as_lead(self, action: str, **given: Any) -> None:
        """An officer of the lead does something to the order."""
        await self._as_officer((await self.read())["lead"], action, **given)

    async def reply(self, answer: Reply, **given: Any) -> None:
        """The lead answers; not what the answer to the leading one, where it is joined, has answered already."""
        order = await self.read()
        is_answered = order["state"] != "handling" or (answer.kind == "plan" and order["stage"] == "result")
        if self.scene.turns.join and is_answered:
            return
        said = {"kind": answer.kind, "text": answer.text, "legal_basis": answer.legal_basis}
        await self._as_officer(order["lead"], "reply", **said, **given)

    async def co_handlers_reply(self) -> None:
        """Every co-handler answers; or the coordinator does not wait for them."""
        if self.scene.turns.overrule:
            await self.order("overrule", "coordinator", reason=self.scene.turns.overrule)
            return
        for party in (await self.read())["co_handlers"]:
            given = {"kind": "result", "text": "本单位协办事项已办结，材料已交牵头部门。"}
            await self._as_officer(party, "reply", **given)

    async def _as_officer(self, party: dict[str, str], action: str, **given: Any) -> None:
        officer = await self.doors.as_member("officer", party["center"], party["department"])
        await self.doors.order(self.complaint_id, action, officer, **given)

    async def by_petitioner(self, action: str, **given: Any) -> None:
        """The petitioner does something by number and query code."""
        path = f"/intake/api/complaints/{self.number}/{action}"
        await self.doors.call("POST", path, json=given, params={"code": self.query_code})

    async def on_day(self, working_days: int, since: datetime) -> datetime:
        """When on that working day something is done: at ten, or on the day itself a little later."""
        return self.at(await self.instant_of(working_days, since))

    async def instant_of(self, working_days: int, since: datetime, at: time = TEN) -> datetime:
        """The same, without waiting for it."""
        if working_days == 0:
            return await self.doors.minutes_later(self.handling_center, since, LATER)
        day = await self.doors.workday_after(self.handling_center, since.date(), working_days)
        return datetime.combine(day, at, CHINA)

    async def a_little_later(self) -> datetime:
        """Five office minutes from now."""
        return self.at(await self.doors.minutes_later(self.handling_center, self.now, LATER))

    def at(self, instant: datetime) -> datetime:
        """Go on to this instant, never back."""
        self.now = max(self.now, instant)
        return self.now
