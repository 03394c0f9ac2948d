"""A complaint carried through its whole loop, as its parties would: each step is tried until the house has it."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson

from shared.messaging.topology import CHANNELS, DEPARTMENTS
from shared.workdays import CHINA
from tests.chaos.bus import Ears, Voice
from tests.chaos.drill import AFTER, CALENDAR, Time, next_hour
from tests.chaos.ledger import Deed, Ledger
from tests.chaos.orders import Order, has, rung_given
from tests.chaos.parties import Answer, Parties
from tests.chaos.petitioners import mark_of, submission_of
from tests.chaos.plans import COURT, UNIT, Plan, When

Fits = Callable[[Order], bool]
SELDOM = 3.0
"""Seconds after which to ask again when nothing is heard of a complaint."""
BASIS = "《政务服务“有诉即办”诉求响应工作机制（试行）》第八条"


class Stuck(Exception):
    """A step will not be done, however often it is tried."""


class Loop:
    """Lives one plan."""

    def __init__(
        self,
        plan: Plan,
        parties: Parties,
        ledger: Ledger,
        time_: Time,
        voice: Voice,
        ears: Ears,
        may_act: asyncio.Event,
    ) -> None:
        self.plan = plan
        self.parties = parties
        self.ledger = ledger
        self.time = time_
        self.voice = voice
        self.ears = ears
        self.may_act = may_act
        """Cleared while everyone holds still."""
        self.id = ""
        self.at = "registering"
        """The step it has come to."""

    def __str__(self) -> str:
        return f"{self.plan.loop} ({self.plan.kind.name}) at {self.at}"

    async def live(self) -> None:
        """From the submission to the end; raises `Stuck`."""
        plan, kind = self.plan, self.plan.kind
        await self._submit()
        await self._do("triage", f"/intake/api/complaints/{self.id}/triage", "clerk", {"triage": kind.triage})
        if kind.retriaged:
            given = {"triage": "refused", "reason": self._mark("retriage")}
            await self._do("retriage", f"/intake/api/complaints/{self.id}/triage", "coordinator", given)
            await self._until(lambda order: order["triage"] == "refused")
            await self.time.reach(next_hour(self.time.now))
        if kind.triage == "general":
            await self._settle(1)
        elif kind.name == "referred":
            await self._order("refer", "refer", {"unit": UNIT, "reason": self._mark("refer")}, "referred")
            await self.time.reach(next_hour(self.time.now))
            await self._order("outcome", "outcome", {"text": self._mark("outcome")}, "following_up")
        elif kind.name == "directed":
            given = {"channel": COURT, "reason": self._mark("direct")}
            await self._order("direct", "direct", given, "following_up")
        else:
            given = {"lead": plan.lead, "co_handlers": [plan.co_handler] if plan.co_handler else []}
            await self._order("dispatch", "dispatch", given, "handling", "checking")
            await self._handle()
        await self._follow_up()

    async def _submit(self) -> None:
        plan = self.plan
        submission = submission_of(plan.loop, plan.source, plan.center, self.time.now)
        if plan.submitted_by_bus:
            await self._submit_by_bus(submission)
            return
        async for _ in self._tries("submit"):
            deed = self.ledger.send(plan.loop, "submit", self._mark("submit"), self.time.now)
            answer = await self.parties.submit(plan.source, submission)
            if answer.is_success:
                self._registered(deed, answer.body, "answer")
                return
            self._must_be_worth_another_try("submit", answer)

    async def _submit_by_bus(self, submission: dict[str, Any]) -> None:
        body = orjson.dumps(submission)
        message_id = hashlib.sha256(body).hexdigest()[:32]
        deed = self.ledger.send(self.plan.loop, "submit", self._mark("submit"), self.time.now)
        await self.voice.say(CHANNELS, f"submission.{self.plan.source}", body, message_id)
        async for _ in self._tries("submit by bus"):
            if answer := self.ears.answers.get(message_id):
                if answer["type"] != "complaint.registered":
                    raise Stuck(f"rejected: {answer['data']}")
                self._registered(deed, answer["data"], "answer")
                return

    def _registered(self, deed: Deed, told: dict[str, Any], how: str) -> None:
        receipt = {name: told[name] for name in ("number", "complaint_id", "query_code")}
        self.id = receipt["complaint_id"]
        self.ledger.receive(self.plan.loop, receipt)
        self.ledger.acknowledge(deed, self.time.now, how)

    async def _settle(self, round_: int) -> None:
        mark = self._mark(f"settle-{round_}")
        path = f"/intake/api/complaints/{self.id}/settle"
        await self._do(f"settle-{round_}", path, "clerk", {"result": mark}, lambda order: has(order, mark))
        await self._until(lambda order: order["state"] == "following_up" and has(order, mark))

    async def _handle(self) -> None:
        """The departments answer, round by round; the coordinator checks."""
        kind = self.plan.kind
        for number, when in enumerate(kind.answers, 1):
            if number == 2 and kind.returned:
                given = {"passed": False, "reasons": self._mark("return")}
                await self._order("return", "check", given, "handling", path="check")
            elif number == 2 and kind.redone:
                await self._order("check-1", "check", {"passed": True}, "following_up", path="check")
                given = self._heard("redo", "dissatisfied", "redo")
                await self._order("redo", "follow-up", given, "handling", path="follow-up")
            await self._answer(number, when)
        await self._order("check", "check", {"passed": True}, "following_up", path="check")

    async def _answer(self, number: int, when: When) -> None:
        plan = self.plan
        leg = await self._leg(number)
        await self.time.reach(await self._instant(when, leg))
        kind = "plan" if plan.kind.planned and number == 1 else "result" if plan.kind.planned else "reasons"
        if plan.kind.triage == "refused" or plan.kind.retriaged:
            kind = "result"
        mark = self._mark(f"answer-{number}")
        given: dict[str, Any] = {"kind": kind, "text": mark, "legal_basis": BASIS if kind == "reasons" else None}
        if kind == "plan":
            given["committed_on"] = CALENDAR.working_day_after(self.time.now.date(), 12).isoformat()
        if plan.co_handler and number == 2:
            part = {"kind": "result", "text": self._mark("part")}
            await self._reply("part", plan.co_handler, part, leg, by_bus=False)
        await self._reply(f"answer-{number}", plan.lead, given, leg, by_bus=plan.answered_by_bus)

    async def _reply(self, step: str, department: str, given: dict[str, Any], leg: Order, *, by_bus: bool) -> None:
        mark = given["text"]
        if not by_bus:
            path = f"/dispatch/api/orders/{self.id}/reply"
            await self._do(step, path, "officer", given, lambda order: has(order, mark), department)
            return
        order = await self._until(lambda order: order["state"] == "handling")
        named = {"order": self.id, "round": order["round"], "stage": order["stage"], "replied_by": "周系统"}
        deed = self.ledger.send(self.plan.loop, step, mark, self.time.now)
        body = orjson.dumps(named | {name: value for name, value in given.items() if value})
        message_id = hashlib.sha256(body).hexdigest()[:32]
        for _ in range(1 + int(message_id[0], 16) % 3):  # a department's system does not always trust its line
            await self.voice.say(DEPARTMENTS, f"reply.sq.{department}", body, message_id)
        await self._until(lambda order: has(order, mark))
        self.ledger.acknowledge(deed, self.time.now, "seen")

    async def _leg(self, number: int) -> Order:
        """The leg that is to be answered, once the house shows when it is due."""
        starts_anew = self.plan.kind.planned or self.plan.kind.redone
        wanted = number if starts_anew else 1

        def stands(order: Order) -> bool:
            legs = order["legs"]
            return len(legs) >= wanted and order["state"] == "handling" and legs[wanted - 1]["due_at"] is not None

        leg: Order = (await self._until(stands))["legs"][wanted - 1]
        return leg

    async def _instant(self, when: When, leg: Order) -> datetime:
        """When to answer; the ladder is the rules', not the house's word."""
        start, due = (datetime.fromisoformat(leg[name]).astimezone(CHINA) for name in ("starts_at", "due_at"))
        now = self.time.now
        match when:
            case When.PROMPT:
                return min(next_hour(now), CALENDAR.urge_at(start, due))
            case When.AT_URGE:
                return CALENDAR.urge_at(start, due)
            case When.URGED:
                return CALENDAR.urge_at(start, due) + AFTER
            case When.AT_DUE:
                return due
            case When.SUPERVISED:
                return due + AFTER
        await self.time.reach(due + AFTER)
        order = await self._until(lambda order: rung_given(order, leg["number"], "supervised") is not None)
        supervised = rung_given(order, leg["number"], "supervised")
        assert supervised
        return max(CALENDAR.end_of_next_working_day(supervised), due) + AFTER

    async def _follow_up(self) -> None:
        kind = self.plan.kind
        if kind.triage == "general" and kind.redone:
            given = self._heard("redo", "dissatisfied", "redo")
            await self._order("redo", "follow-up", given, "on_spot", path="follow-up")
            await self._settle(2)
        if kind.concluded:
            given = self._heard("dissatisfied", "dissatisfied", "conclude")
            await self._order("dissatisfied", "follow-up", given, "concluding", path="follow-up")
            given = {"reasons": self._mark("conclude"), "legal_basis": BASIS}
            await self._order("conclude", "conclude", given, "approving", path="conclude")
            await self._order("approve", "approve", {"approve": True}, "closed", path="conclude", role="head")
            return
        await self._order("follow-up", "follow-up", self._heard("follow-up", "satisfied", None), "closed")

    def _heard(self, step: str, satisfaction: str, then: str | None) -> dict[str, Any]:
        told = {"satisfaction": satisfaction, "opinion": self._mark(step), "method": "phone", "then": then}
        return told | {"solved": satisfaction == "satisfied"}

    async def _order(
        self, step: str, action: str, given: dict[str, Any], *after: str, path: str = "", role: str = "coordinator"
    ) -> None:
        """Something the coordinator does; `after` are the states it may lead to."""
        before = await self._until(lambda order: action in order["actions"])
        revision = before["revision"]
        path = f"/dispatch/api/orders/{self.id}/{path or action}"
        await self._do(step, path, role, given, lambda now: now["state"] in after and now["revision"] > revision)

    async def _do(
        self,
        step: str,
        path: str,
        role: str,
        given: dict[str, Any],
        is_done: Fits | None = None,
        department: str | None = None,
    ) -> None:
        """Ask until it is done; after a request without a clear answer, look first whether it is."""
        self.at, doubtful = step, False
        center = "sq" if department else self.plan.center
        async for _ in self._tries(step):
            deed = self.ledger.send(self.plan.loop, step, self._mark(step), self.time.now)
            answer = await self.parties.as_member(role, center, department, "POST", path, given)
            if answer.is_success:
                self.ledger.acknowledge(deed, self.time.now, "answer")
                return
            if doubtful and answer.status in (409, 422):  # what was done already cannot be done again
                order = await self._read()
                if is_done is None or (order and is_done(order)):
                    self.ledger.acknowledge(deed, self.time.now, "seen")
                    return
            doubtful = doubtful or answer.is_doubtful
            self._must_be_worth_another_try(step, answer)

    async def _until(self, fits: Fits) -> Order:
        """Read the order until it is so."""
        async for _ in self._tries(f"{self.at}: seeing what follows"):
            order = await self._read()
            if order and fits(order):
                return order
        raise AssertionError

    async def _read(self) -> Order | None:
        path = f"/dispatch/api/orders/{self.id}"
        answer = await self.parties.as_member("coordinator", self.plan.center, None, "GET", path)
        return answer.body if answer.is_success else None

    async def _tries(self, step: str) -> Any:
        self.at = step
        pause = 0.1
        while True:  # who cannot get on while things break is seen to be stuck when nothing breaks any more
            await self.may_act.wait()
            yield
            # Whatever happens to it is soon to be seen; asking all the time would be most of the house's work.
            await self.ears.news_of(self.id, pause)
            await asyncio.sleep(0.1)
            pause = min(pause * 1.5, SELDOM)

    def _must_be_worth_another_try(self, step: str, answer: Answer) -> None:
        if answer.status in (400, 403, 405, 413, 422):
            self.ledger.find(f"{self.plan.loop} {step}: {answer.status} {answer.body}")
            raise Stuck(f"{self.plan.loop} at {step}: refused with {answer.status}")

    def _mark(self, step: str) -> str:
        return mark_of(self.plan.loop, step)
