"""Everyone who uses the house: staff who log in, channels that show their keys. Each tries again as a client would."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any

import orjson

from deploy.county import SAMPLE_PASSWORD, load_county
from tests.chaos.asking import Client
from tests.chaos.house import House
from tests.chaos.ledger import Ledger
from tests.chaos.outages import Submitted

PATIENCE = 12.0
"""Seconds a client waits for an answer."""
UNANSWERED = 0
"""The status of a request to which no answer came."""


@dataclass
class Answer:
    """What a door answered."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def is_success(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status < 300

    @property
    def is_doubtful(self) -> bool:
        """Whether it may have been done all the same."""
        return self.status in (UNANSWERED, 500, 503)

    @property
    def code(self) -> str:
        """What the problem document calls it."""
        return str(self.body.get("code", ""))


class Parties:
    """They ask any replica of a service, past no line but the visitors'."""

    def __init__(self, house: House, ledger: Ledger, chance: random.Random) -> None:
        self._house = house
        self._ledger = ledger
        self._chance = chance
        self._tokens: dict[str, str] = {}
        self._logging_in: dict[str, asyncio.Lock] = {}
        self._client = Client(PATIENCE)
        members = load_county().members
        self._members = {(each.role.value, each.center, each.department): each.username for each in reversed(members)}
        self.submitted: list[Submitted] = []
        self.acted: list[Submitted] = []
        """What staff did at the doors."""

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    async def once(self, method: str, path: str, secret: str | None, given: dict[str, Any] | None = None) -> Answer:
        """Ask once."""
        port = self._chance.choice(self._house.doors_of(path.split("/")[1]))
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        reply = await self._client.ask(port, method, path, headers, None if given is None else orjson.dumps(given))
        if reply is None:
            return Answer(UNANSWERED)
        if reply.status == 500:
            self._ledger.find(f"{method} {path}: 500 {reply.body[:300]!r}")
        if reply.status == 503 and "retry-after" not in reply.headers:
            self._ledger.find(f"{method} {path}: 503, and not when to come again: {reply.body[:300]!r}")
        try:
            body = orjson.loads(reply.body)
        except ValueError:
            body = {}
        return Answer(reply.status, body if isinstance(body, dict) else {"rows": body})

    async def submit(self, source: str, submission: dict[str, Any]) -> Answer:
        """Hand a complaint over, once."""
        begun = time.monotonic()
        answer = await self.once("POST", "/intake/api/submissions", f"sample-{source}", submission)
        self.submitted.append(Submitted(begun, time.monotonic() - begun, answer.status))
        return answer

    async def as_member(
        self,
        role: str,
        center: str,
        department: str | None,
        method: str,
        path: str,
        given: dict[str, Any] | None = None,
    ) -> Answer:
        """Ask once, as whoever holds this role; logs in when needed."""
        username = self._members[role, center, department]
        token = await self._token(username)
        if token is None:
            return Answer(503, {"code": "sessions-away"})
        begun = time.monotonic()
        answer = await self.once(method, path, token, given)
        if method == "POST":
            self.acted.append(Submitted(begun, time.monotonic() - begun, answer.status, answer.code))
        if answer.status == 401 and self._tokens.get(username) == token:
            del self._tokens[username]
        return answer

    async def _token(self, username: str) -> str | None:
        async with self._logging_in.setdefault(username, asyncio.Lock()):
            if username not in self._tokens:
                given = {"username": username, "password": SAMPLE_PASSWORD}
                answer = await self.once("POST", "/directory/api/login", None, given)
                if not answer.is_success:
                    return None
                self._tokens[username] = answer.body["token"]
            return self._tokens[username]
