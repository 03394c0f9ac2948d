"""The public doors, as each party uses them: staff log in, channels show their keys, anyone asks the calendar."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import httpx

from deploy.county import SAMPLE_PASSWORD
from shared.workdays import CHINA


class DoorClosed(RuntimeError):
    """A door answered with something else than was asked for."""


@dataclass
class Doors:
    """A client of one house; `origins` says where each service answers."""

    origins: dict[str, str]
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=300))
    _tokens: dict[str, str] = field(default_factory=dict)
    _members: dict[tuple[str, str, str | None], str] = field(default_factory=dict)

    async def call(self, method: str, path: str, secret: str | None = None, **given: Any) -> Any:
        """Ask a door; raises `DoorClosed` with its answer unless that is a success."""
        service = path.split("/")[1]
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        try:
            answer = await self.client.request(method, self.origins[service] + path, headers=headers, **given)
        except httpx.TransportError as error:
            raise DoorClosed(f"{method} {path} {given.get('json')}: {error!r}") from error
        if answer.is_error:
            raise DoorClosed(f"{method} {path} {given.get('json')}: {answer.status_code} {answer.text[:600]}")
        return answer.json()

    async def as_member(self, role: str, center: str, department: str | None = None) -> str:
        """The token of whoever holds this role there."""
        if not self._members:
            for member in await self.call("GET", "/directory/api/facts/member", await self.token("auditor-sq")):
                self._members.setdefault((member["role"], member["center"], member["department"]), member["code"])
        return await self.token(self._members[role, center, department])

    async def token(self, username: str) -> str:
        """The token of this member."""
        if username not in self._tokens:
            given = {"username": username, "password": SAMPLE_PASSWORD}
            self._tokens[username] = (await self.call("POST", "/directory/api/login", json=given))["token"]
        return self._tokens[username]

    async def submit(self, submission: dict[str, Any]) -> dict[str, Any]:
        """Hand a complaint over through its channel."""
        answer: dict[str, Any] = await self.call(
            "POST", "/intake/api/submissions", f"sample-{submission['source']}", json=submission
        )
        return answer

    async def complaint(self, complaint_id: str, action: str, secret: str, **given: Any) -> None:
        """Do something to a complaint at the window."""
        await self.call("POST", f"/intake/api/complaints/{complaint_id}/{action}", secret, json=given)

    async def order(self, complaint_id: str, action: str, secret: str, **given: Any) -> None:
        """Do something to an order."""
        await self.call("POST", f"/dispatch/api/orders/{complaint_id}/{action}", secret, json=given)

    async def move_clock(self, to: datetime) -> None:
        """Let time pass until then; returns when the house has done all there is to do by then."""
        await self.call("PUT", "/directory/api/drill-clock", json={"now": to.isoformat()})

    async def let_clock_run(self) -> None:
        """Let time run again by itself."""
        await self.call("PUT", "/directory/api/drill-clock", json={"now": None})

    async def opening(self, center: str, at: datetime) -> datetime:
        """The next moment at which the center is open; `at` itself if it is."""
        return await self._instant("opening", center=center, at=at.isoformat())

    async def minutes_later(self, center: str, at: datetime, minutes: int) -> datetime:
        """So many office minutes later."""
        return await self._instant("add-minutes", center=center, at=at.isoformat(), minutes=minutes)

    async def workday_after(self, center: str, day: date, working_days: int) -> date:
        """So many working days later."""
        given = {"center": center, "date": day.isoformat(), "after": working_days}
        answer = await self.call("GET", "/sla/api/workday", await self.token("auditor-sq"), params=given)
        return date.fromisoformat(answer["date"])

    async def _instant(self, question: str, **given: Any) -> datetime:
        answer = await self.call("GET", f"/sla/api/{question}", await self.token("auditor-sq"), params=given)
        return datetime.fromisoformat(answer["at"]).astimezone(CHINA)
