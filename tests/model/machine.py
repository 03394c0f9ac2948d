"""The machine: random parties do random things as time passes, in a house and in the model, and both must agree."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx
import uvloop
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from shared import clock
from tests.model import compare, steps
from tests.model.complaint import FORBIDDEN, IMPOSSIBLE, INVALID, MISSING, UNKNOWN, Complaint, Step
from tests.model.days import DAYS, DECIDED
from tests.model.house import ModelHouse
from tests.model.openings import JOINED, NAMES, Unheard, Wait, joined, opening
from tests.model.people import CENTERS, COUNTY, Who, of
from tests.model.reference import AT_THE_WINDOW, BY_PETITIONER, apply, faults
from tests.support.oracle import HALVES, ZONE, close, working_day

REFUSALS = {401: UNKNOWN, 403: FORBIDDEN, 404: MISSING, 409: IMPOSSIBLE, 422: INVALID}
DOORS = {
    "uphold": "decline",
    "grant": "extend",
    "approve": "conclude",
    "confirm": "withdraw",
    "ask-reopening": "reopen",
}
"""The door at which something is done, where it is not called the same."""
AT_INTAKE = AT_THE_WINDOW | BY_PETITIONER
BY_CLOCK = {"supervise", "extend"}
"""What depends on what sla has told dispatch."""
BY_MESSAGE = {"ask-reopening"}
"""What intake asks dispatch to do: it is done when that has been heard."""
HEARD_BY = {"intake": ("dispatch", "sla"), "dispatch": ("intake",)}
"""Whose words are carried before somebody knocks at these doors; all others wait, and come with what is said later."""
GARBAGE = 50_000
"""Objects made and kept until a search for garbage: as in a process of the house."""
MOST = 3
"""Complaints in one example."""
WAITS = (1, 20, 90, 240, 24 * 60, 3 * 24 * 60)
"""Minutes that may pass."""
AUDITOR = of("auditor", COUNTY)


class Stage:
    """A house in this process for many examples, one after the other."""

    def __init__(self, folder: Path) -> None:
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._opened = ModelHouse.at_work(folder)
        self.house = self.run(self._opened.__aenter__())

    def run(self, work: Any) -> Any:
        """As the runner does, without its watch for an interruption of each."""
        return self._runner.get_loop().run_until_complete(work)

    def close(self) -> None:
        self.run(self._opened.__aexit__(None, None, None))
        self._runner.close()


@contextmanager
def staged(folder: Path) -> Iterator[None]:
    """The machines' stage, while this lasts."""
    thresholds = gc.get_threshold()
    Machine.stage = Stage(folder)
    HALVES.update(DECIDED)
    gc.freeze()
    gc.set_threshold(GARBAGE, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
        HALVES.clear()
        Machine.stage.close()


class Machine(RuleBasedStateMachine):
    """One example: a few complaints, whatever is done about them, and time."""

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        self.house = self.stage.house
        self.complaints: list[Complaint] = []
        self.is_at_odds = True
        """Whether the house and the model have differed, or nothing has begun."""

    @initialize(
        day=st.sampled_from(DAYS),
        clock_time=st.sampled_from(("08:30", "11:59", "16:00", "17:29:59", "20:00")),
        name=st.sampled_from(NAMES),
    )
    def begin(self, day: date, clock_time: str, name: str) -> None:
        """A county where nothing has happened yet, and a complaint that has come to somewhere, or two."""
        self.first_day = day
        self.house.begin(datetime.combine(day, time.fromisoformat(clock_time), ZONE))
        self._register(COUNTY)
        self.is_at_odds = False
        for step in opening(name, day):
            if isinstance(step, Wait):
                self._wait_until(step.over(self._complaint(0), clock.now()))
            elif isinstance(step, Unheard):
                self._try_unheard(self._complaint(0), step.step, step.until)
            else:
                self._try(self._complaint(0), step)
        if name in JOINED:
            self._register(COUNTY)
            together = [(1, step) for step in joined(self.complaints[0].number)]
            for which, step in (*together, *JOINED[name]):
                self._try(self._complaint(which), step)

    @precondition(lambda self: len(self.complaints) < MOST)
    @rule(center=st.sampled_from(CENTERS))
    def register(self, center: str) -> None:
        """Somebody complains."""
        self._register(center)

    @rule(minutes=st.sampled_from(WAITS))
    def wait(self, minutes: int) -> None:
        """Time passes."""
        self._wait_until(clock.now() + timedelta(minutes=minutes))

    @rule(days=st.integers(0, 2), seconds=st.integers(-1, 1))
    def wait_for_close(self, days: int, seconds: int) -> None:
        """Until business closes, or a second before or after."""
        self._wait_until(close(working_day(clock.now().date(), days)) + timedelta(seconds=seconds))

    @rule(which=st.integers(0, MOST - 1), seconds=st.integers(0, 1))
    def wait_for_rung(self, which: int, seconds: int) -> None:
        """Until the very instant of the rung that comes next, or just past it."""
        one = self._complaint(which)
        if one.state == "handling" and (rung := one.leg.next_rung()):
            self._wait_until(rung[1] + timedelta(seconds=seconds))

    @rule(data=st.data(), which=st.integers(0, MOST - 1))
    def go_on(self, data: st.DataObject, which: int) -> None:
        """Somebody whose turn it is does what comes next, well or badly."""
        one = self._complaint(which)
        self._try(one, data.draw(steps.next_step(one, clock.now(), self.complaints)))

    @rule(data=st.data(), which=st.integers(0, MOST - 1))
    def go_on_again(self, data: st.DataObject, which: int) -> None:
        """More often than anything else."""
        self.go_on(data, which)

    @rule(data=st.data(), which=st.integers(0, MOST - 1), minutes=st.sampled_from(WAITS))
    def go_on_unheard(self, data: st.DataObject, which: int, minutes: int) -> None:
        """The same, and nobody hears of it before some time has passed."""
        one = self._complaint(which)
        self._try_unheard(
            one, data.draw(steps.next_step(one, clock.now(), self.complaints)), timedelta(minutes=minutes)
        )

    @rule(data=st.data(), which=st.integers(0, MOST - 1))
    def meddle(self, data: st.DataObject, which: int) -> None:
        """Anyone tries anything."""
        one = self._complaint(which)
        self._try(one, data.draw(steps.any_step(one, clock.now(), self.complaints)))

    def _complaint(self, which: int) -> Complaint:
        one = self.complaints[which % len(self.complaints)]
        one.pass_time(clock.now())
        return one

    def _register(self, center: str) -> None:
        now, n = clock.now(), len(self.complaints) + 1
        petitioner = {"kind": "individual", "name": "周春梅", "phone": "19900007001", "address": "吉祥路14号"}
        content = f"材料都交齐了，窗口还是不给办理，跑了三趟（{n}）。"
        submission = {"source_ref": f"M-{n}", "center": center, "reported_at": now.isoformat(), "category": "complaint"}
        given = submission | {"petitioner": petitioner, "content": content}
        answer = self._ask(of("clerk", center), "POST", "/intake/api/submissions", given)
        assert answer.status_code == 201, answer.text
        told = answer.json()
        note(f"{now} {told['number']} registered at {center}")
        place = 1 + sum(each.center == center for each in self.complaints)
        assert told["number"] == f"{center.upper()}-{now.year}-{place:04}"
        ids = told["complaint_id"], told["number"], told["query_code"]
        self.complaints.append(Complaint(*ids, center, content, now))

    def _try(self, one: Complaint, step: Step) -> None:
        now = clock.now()
        for each in self.complaints:
            each.pass_time(now)
        expected = faults(one, step, now, self.complaints)
        self.is_at_odds = True
        answer = self._knock(one, step)
        note(f"{now} {one.number} {step.who.username} {step.action} {step.given} -> {answer.status_code}")
        if answer.is_success:
            assert not expected, f"done, but should be refused as {expected}"
            apply(one, step, now, self.complaints)
            if step.action in BY_MESSAGE:
                self.stage.run(self.house.carry())
            self.is_at_odds = False
            return
        assert REFUSALS.get(answer.status_code) in expected, answer.text
        sentence = answer.json()["detail"]
        assert sentence.endswith("。"), sentence
        assert not sentence.isascii()
        self.is_at_odds = False

    def _try_unheard(self, one: Complaint, step: Step, wait: timedelta) -> None:
        """What dispatch says is brought to nobody meanwhile: sla asks for rungs as it has known the legs before."""
        self.stage.run(self.house.carry())
        for each in self.complaints:
            each.pass_time(clock.now())
        before = [each.legs and (each.leg, each.leg.changes) for each in self.complaints]
        self._try(one, step)
        if step.action in BY_MESSAGE:
            return
        until = clock.now() + wait
        note(f"{clock.now()} until {until}, while nobody hears of that")
        self.stage.run(self.house.until(until, unheard="dispatch"))
        for each, known in zip(self.complaints, before, strict=True):
            each.pass_time(until, unheard=True, knew_leg=bool(each.legs) and known == (each.leg, each.leg.changes))

    def _knock(self, one: Complaint, step: Step) -> httpx.Response:
        if self.house.has_to_say(*HEARD_BY["intake" if step.action in AT_INTAKE else "dispatch"]) or (
            step.action in BY_CLOCK
        ):
            self.stage.run(self.house.carry())
        return self._ask(step.who, "POST", *self._door(one, step))

    def _door(self, one: Complaint, step: Step) -> tuple[str, dict[str, Any]]:
        door, given = DOORS.get(step.action, step.action), dict(step.given)
        if step.action == "rate":
            return f"/intake/api/ratings/{self.house.rating_link(one.complaint_id, given.pop('ends_ago'))}", given
        if step.action in BY_PETITIONER:
            return f"/intake/api/complaints/{one.number}/{door}?code={given.pop('code')}", given
        place = "/intake/api/complaints" if step.action in AT_INTAKE else "/dispatch/api/orders"
        return f"{place}/{one.complaint_id}/{door}", given

    def _ask(self, who: Who, method: str, path: str, given: Any = None, **params: Any) -> httpx.Response:
        answer: httpx.Response = self.stage.run(self.house.ask(who, method, path, json=given, params=params or None))
        return answer

    def _wait_until(self, instant: datetime) -> None:
        if instant > clock.now():
            note(f"{clock.now()} until {instant}")
            self.stage.run(self.house.until(instant))

    def teardown(self) -> None:
        """At the end everything the house says of the complaints is what the model says."""
        if self.is_at_odds:
            return
        now = clock.now()
        self.stage.run(self.house.carry())
        for one in self.complaints:
            one.pass_time(now)
            if one.state != "registered":
                file = self._read(f"/dispatch/api/orders/{one.complaint_id}")
                compare.must_hold(one, file)
                compare.must_agree(compare.told_by_file(file), compare.known_of_file(one, now))
        rows = self._read("/intake/api/ledger")
        in_order = sorted(self.complaints, key=lambda one: (one.center, one.number))
        for place, (row, one) in enumerate(zip(rows, in_order, strict=True), 1):
            compare.must_agree(row, compare.known_of_row(one, place, now))
            compare.situation_told(row, one)
        days = {"from": self.first_day.isoformat(), "to": now.date().isoformat()}
        compare.must_count(self._read("/intake/api/figures/rates", **days), self.complaints)

    def _read(self, path: str, **params: Any) -> Any:
        answer = self._ask(AUDITOR, "GET", path, **params)
        assert answer.is_success, answer.text
        return answer.json()
