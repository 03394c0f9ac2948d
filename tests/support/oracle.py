"""What must become of a scenario line, reckoned from the mechanism's words alone and from none of the house's code.

The house keeps clocks, legs and rungs in six services that talk by events; here the same rules stand as one reckoning
over a few instants. Working days are asked of `chinese_calendar` itself, beyond what it knows of the statutory days.
Where this and `yousu play` differ, one of them has misread the mechanism.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
REDONE = timedelta(minutes=5)
"""Office time that a first reply of day 0, and every redone one, takes."""
SHORT_DAY = timedelta(minutes=120)
"""A same-day limit with less office time than this ends at close of the next working day (§5)."""
STATUTORY = {2027: {date(2027, 1, 1)}}
"""Days off beyond what `chinese_calendar` knows (§5), as far as the scenarios reach: not to Spring Festival."""
REACHES = date(2027, 2, 4)
HALVES: dict[date, tuple[bool, bool]] = {}
"""Days of which the center itself has decided whether morning and afternoon are worked (§5): in no scenario."""
RUNGS = ("urged", "supervised", "reported")


class Beyond(ValueError):
    """A scenario reaches further than the days off are known here."""


def is_working(day: date) -> bool:
    """Whether offices are open (§5, the layers)."""
    if day > REACHES:
        raise Beyond(f"{day} is beyond what the scenarios may reach")
    if day in HALVES:
        return any(HALVES[day])
    if day.year in STATUTORY:
        return day.weekday() < 5 and day not in STATUTORY[day.year]
    return bool(chinese_calendar.is_workday(day))


def working_day(day: date, count: int) -> date:
    """The `count`-th working day after `day`, or before it where negative; the day itself is not counted."""
    step = DAY if count > 0 else -DAY
    for _ in range(abs(count)):
        day += step
        while not is_working(day):
            day += step
    return day


def at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ZONE)


def spans(day: date) -> tuple[tuple[datetime, datetime], ...]:
    """The office hours of a working day: 08:30–12:00, 14:30–17:30, from May to September 15:00–18:00 (§5)."""
    summer = 5 <= day.month <= 9
    afternoon = (time(15), time(18)) if summer else (time(14, 30), time(17, 30))
    both = (at(day, time(8, 30)), at(day, time(12))), (at(day, afternoon[0]), at(day, afternoon[1]))
    return tuple(span for span, worked in zip(both, HALVES.get(day, ()), strict=False) if worked) or both


def close(day: date) -> datetime:
    return spans(day)[-1][1]


def office(since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The office hours from an instant on, the first of them cut to what is left."""
    day = since.date()
    while True:
        if is_working(day):
            yield from ((max(begins, since), ends) for begins, ends in spans(day) if ends > since)
        day += DAY


def office_time(since: datetime, until: datetime) -> timedelta:
    """The office time between two instants."""
    total = timedelta()
    for begins, ends in office(since):
        if begins >= until:
            return total
        total += min(ends, until) - begins
    raise AssertionError


def later(since: datetime, by: timedelta) -> datetime:
    """When so much office time has passed."""
    for begins, ends in office(since):
        if by <= ends - begins:
            return begins + by
        by -= ends - begins
    raise AssertionError


def next_open(arrives: datetime) -> datetime:
    """At once in office hours of a working day, else the next opening; what arrives at the stroke of close is after."""
    return next(office(arrives))[0]


@dataclass(frozen=True)
class Outcome:
    """What a line of `yousu play` must say."""

    rungs: Sequence[str]
    redo: int
    overdue: bool
    final: str

    def as_json(self) -> dict[str, Any]:
        return {"rungs": list(self.rungs), "redo": self.redo, "overdue": self.overdue, "final": self.final}


class Ladder:
    """The rungs that fired in any leg, and whether any stage was late (§6)."""

    def __init__(self) -> None:
        self.fired: set[str] = set()
        self.overdue = False

    def climb(self, start: datetime, due: datetime, *answers: datetime) -> None:
        """One leg: every answer but the last is returned at the check, which continues the leg (§7)."""
        answered = start
        for answer in answers:
            if answered < urging(start, due) < answer:
                self.fired.add("urged")
            if due < answer:
                self.fired.add("supervised")
                self.overdue = True
                if close(working_day(due.date(), 1)) < answer:
                    self.fired.add("reported")
            due, answered = max(due, close(working_day(answer.date(), 1))), answer


def urging(start: datetime, due: datetime) -> datetime:
    """One working day before due at its clock time, or that day's close; else half-way in office time (§6)."""
    before = working_day(due.date(), -1)
    when = min(at(before, due.timetz().replace(tzinfo=None)), close(before))
    return when if when > start else later(start, office_time(start, due) / 2)


def same_day(start: datetime) -> datetime:
    """Close of business, or of the next working day where too little is left (§5)."""
    today = close(start.date())
    return today if office_time(start, today) >= SHORT_DAY else close(working_day(start.date(), 1))


def reply_due(handling: Mapping[str, Any], start: datetime) -> datetime:
    """When stage `reply` ends (§5)."""
    if handling.get("co") or handling.get("transfer_to_center") or handling["triage"] == "hard":
        return close(working_day(start.date(), 5))
    return close(working_day(start.date(), 3)) if handling["triage"] == "cannot" else same_day(start)


def reckon(line: Mapping[str, Any]) -> Outcome:
    """What must become of a line: its `submission` arrives, its `handling` is acted, its `expect` is not looked at."""
    handling = line["handling"]
    asked = [entry["satisfaction"] for entry in handling["follow_up"]]
    redone = sum(satisfaction == "dissatisfied" for satisfaction in asked[:-1])
    elsewhere = {"out_of_scope": "directed" if handling.get("directed_to") else "referred_closed"}
    final = "concluded_unsatisfied" if asked[-1] == "dissatisfied" else elsewhere.get(handling["triage"], "zeroed")
    if handling["triage"] in ("general", "out_of_scope"):
        return Outcome((), redone, False, final)

    returned = handling.get("qc") == "return_then_pass"
    ladder = handled(handling, dispatched_at(line), redone, returned)
    fired = tuple(rung for rung in RUNGS if rung in ladder.fired)
    return Outcome(fired, redone + returned, ladder.overdue, final)


def dispatched_at(line: Mapping[str, Any]) -> datetime:
    """Triage, review, dispatch, and a transfer too, are one moment."""
    return next_open(datetime.fromisoformat(line["submission"]["reported_at"]).astimezone(ZONE))


def handled(handling: Mapping[str, Any], dispatched: datetime, redone: int, returned: bool) -> Ladder:
    """Every leg from dispatch to the last follow-up; checks and follow-ups take no time."""

    def answers(given: datetime) -> tuple[datetime, ...]:
        return (given, later(given, REDONE)) if returned else (given,)

    def given(entry: Mapping[str, Any]) -> datetime:
        days = entry["after_working_days"]
        return at(working_day(dispatched.date(), days), time(10)) if days else later(dispatched, REDONE)

    ladder, reply = Ladder(), handling["reply"]
    replied = given(reply)
    committed = handling["committed_working_days"] if reply["kind"] == "plan" else None
    if committed is not None:
        ladder.climb(dispatched, reply_due(handling, dispatched), replied)
        last = answers(max(replied, given(handling["result"])))
        ladder.climb(replied, close(working_day(dispatched.date(), committed)), *last)
    else:
        last = answers(replied)
        ladder.climb(dispatched, reply_due(handling, dispatched), *last)

    now = last[-1]
    for _ in range(redone):
        due = close(working_day(now.date(), committed)) if committed is not None else reply_due(handling, now)
        again = later(now, REDONE)
        ladder.climb(now, due, again)
        now = again
    return ladder
