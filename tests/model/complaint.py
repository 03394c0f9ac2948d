"""One complaint as the mechanism's words have it: where it stands, and whose court it has been in (§3 to §7, §11)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.model.ladder import Leg, days_begun
from tests.model.people import Who
from tests.support.oracle import office_time

UNKNOWN, FORBIDDEN, MISSING = "unknown", "forbidden", "missing"
IMPOSSIBLE, INVALID = "impossible", "invalid"
"""Why something is refused."""
Faults = set[str]

Spent = dict[str, tuple[timedelta, timedelta]]
"""Office time and all time, by whose court it was in."""


@dataclass(frozen=True)
class Step:
    """Something somebody wants done."""

    who: Who
    action: str
    given: dict[str, Any] = field(default_factory=dict)


def when(wrong: bool, kind: str = INVALID) -> Faults:
    """This fault, or none."""
    return {kind} if wrong else set()


def _nothing() -> Spent:
    return defaultdict(lambda: (timedelta(), timedelta()))


@dataclass
class Complaint:
    """What a complaint's house must say of it."""

    complaint_id: str
    number: str
    query_code: str
    center: str
    content: str
    registered_at: datetime
    state: str = "registered"
    triage: str | None = None
    handling_center: str = ""
    centers: list[str] = field(default_factory=list)
    """Every center that had it; the one that has it now last."""
    transferred: bool = False
    way: str | None = None
    round: int = 1
    legs: list[Leg] = field(default_factory=list)

    dispatches: int = 0
    first_answer: datetime | None = None
    dispatched_at: datetime | None = None
    commit_by: date | None = None
    commit_within: int | None = None
    """The same in working days, of which a redo gets as many again."""
    parties: list[str] = field(default_factory=list)
    """Whose it is, the lead first."""
    named: list[str] = field(default_factory=list)
    """Whose it was last, also where it was taken off them."""
    signed: set[str] = field(default_factory=set)
    ceased: set[str] = field(default_factory=set)
    """Co-handlers who hold the lead back no longer: they have answered, or were overruled."""
    answered: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The leg and round in which each co-handler last answered; leg 0 where that was to another one (多人同诉)."""
    owed_since: int = 1
    """The round in which all came to owe an answer last."""
    declining: dict[str, datetime] = field(default_factory=dict)
    """Who declines it, and since when, while nobody has decided that."""
    refusals: dict[str, int] = field(default_factory=dict)
    joined_to: str | None = None
    """The number of the one it is handled together with."""

    proposer: str | None = None
    withdrawer: str | None = None
    tries: list[datetime] = field(default_factory=list)
    """Follow-ups of this round that reached nobody."""
    satisfaction: str | None = None
    said: Counter[str] = field(default_factory=Counter)
    """How often this was said of satisfaction, or nobody was reached."""
    nudged_on: date | None = None
    reopened: bool = False
    rated: set[int] = field(default_factory=set)
    """Which of its ends."""
    ends: int = 0
    final: str | None = None
    closed_at: datetime | None = None
    was_late: bool = False
    """Whether it was when it was closed."""

    sent_at: list[datetime] = field(default_factory=list)
    """Dispatches, transfers, referrals and directions."""
    by_hand: dict[str, list[datetime]] = field(default_factory=lambda: {"urged": [], "supervised": []})
    again: list[tuple[datetime, bool]] = field(default_factory=list)
    """When it was to be done again, and whether the petitioner wanted that."""
    answered_at: datetime | None = None
    """The lead's last answer but a plan."""
    done_at: datetime | None = None
    outcome: str | None = None
    """What came of it, in the words last given."""
    followed_up_at: datetime | None = None
    said_last: tuple[str, dict[str, object]] | None = None
    """Who told what of the petitioner, if nothing has happened since."""
    unit: str | None = None
    """To which it was referred last."""
    channel: str | None = None
    """To which the petitioner was directed."""
    closing: str | None = None
    """Why it was closed without satisfaction."""
    reasons: str | None = None
    """Why it is proposed to close it so."""
    withdrawn_for: str | None = None
    """Why the petitioner wants to withdraw."""

    since: datetime = field(init=False)
    unreached: bool = False
    """Whether the last that was tried was to reach the petitioner, in vain."""
    undecided: list[tuple[int, timedelta, timedelta]] = field(default_factory=list)
    """Office time and all time before a plan, while so many co-handlers owed an answer: what the lead answers shows
    whether it waited for them."""
    spent: Spent = field(default_factory=_nothing)
    """Since it was registered, or opened anew."""
    spent_to_ends: Spent = field(default_factory=_nothing)

    def __post_init__(self) -> None:
        self.handling_center, self.centers, self.since = self.center, [self.center], self.registered_at

    @property
    def leg(self) -> Leg:
        """The one that runs or ran last."""
        return self.legs[-1]

    @property
    def owing(self) -> list[str]:
        """Co-handlers who hold the lead back."""
        return [party for party in self.parties[1:] if party not in self.ceased]

    def has_answered(self, party: str) -> bool:
        """Whether a co-handler has answered what it owes; in a redo it owes that anew."""
        return party in self.answered and self.answered[party][1] >= self.owed_since

    def pass_time(self, now: datetime, *, unheard: bool = False, knew_leg: bool = True) -> None:
        """It has gone on as it was until now; `unheard`: and what was said of it has been heard but now.

        `knew_leg`: the leg had been heard of as it stands.
        """
        if self.legs:
            at_once = 0 if not knew_leg else 1 if unheard else None
            self.leg.climb(now, [self.leg.lead, *self.owing], at_once)
        working, elapsed = office_time(self.since, now), now - self.since
        if self.state == "handling" and self.leg.stage == "reply" and self.owing:
            self.undecided.append((len(self.owing), working, elapsed))
        else:
            self._spend(self._courts(), working, elapsed)
        self.since = now

    def decide(self, *, waited: bool) -> None:
        """Whose the time before a plan was: a result had to wait for the co-handlers, all else the lead could say."""
        for owing, working, elapsed in self.undecided:
            self._spend(["lead", *["co_handler"] * (owing if waited else 0)], working, elapsed)
        self.undecided.clear()

    def _spend(self, courts: list[str], working: timedelta, elapsed: timedelta) -> None:
        """Equally in these courts."""
        for court in courts:
            before = self.spent[court]
            self.spent[court] = before[0] + working / len(courts), before[1] + elapsed / len(courts)

    def _courts(self) -> list[str]:
        """Whose court it is in; where several owe an answer, they share."""
        if self.state == "handling":
            return ["lead", *("co_handler" for _ in self.owing if self.leg.stage == "result")]
        court = {"closed": [], "referred": ["outside"]}.get(self.state, ["office"])
        return ["petitioner"] if court == ["office"] and self.unreached else court

    def end(self) -> None:
        """It has come to an end, and is counted."""
        self.ends += 1
        self.decide(waited=False)
        for court, (working, elapsed) in self.spent.items():
            before = self.spent_to_ends[court]
            self.spent_to_ends[court] = before[0] + working, before[1] + elapsed
        self.spent.clear()

    def is_overdue(self, now: datetime) -> bool:
        """Whether any stage was late, or is by now."""
        return self.was_late or any(leg.is_late(now) for leg in self.legs)

    def rungs(self) -> list[tuple[int, str, str, list[str]]]:
        """The rungs of every leg: its number, the rung, the level of whoever was late, and who was told (§6)."""
        return [
            (n, rung, leg.lead.split("/")[0], leg.told[rung])
            for n, leg in enumerate(self.legs, 1)
            for rung in leg.fired
        ]

    def days_late(self, now: datetime) -> int | None:
        """Working days begun after due days, summed over legs (§10); None where nothing was counted."""
        counted = [leg.overran for leg in self.legs if leg.overran is not None]
        if self.legs and self.leg.is_owed and now > self.leg.due:
            return sum(counted) - (self.leg.overran or 0) + days_begun(self.leg.due, now)
        return sum(counted) if counted else None

    def has_missed_first_date(self) -> bool:
        """Whether another department got it, and what was first told to the petitioner was not kept (§4)."""
        if self.dispatches < 2:
            return False
        first = self.legs[0].due
        by_ladder = any("supervised" in leg.fired and leg.fired["supervised"] >= first for leg in self.legs)
        by_hand = any(at > first for at in self.by_hand["supervised"])
        return by_ladder or by_hand or bool(self.first_answer and self.first_answer > first)

    def given(self, rung: str) -> list[datetime]:
        """When this was given, by the ladder and by hand."""
        return sorted([leg.fired[rung] for leg in self.legs if rung in leg.fired] + self.by_hand.get(rung, []))


Rules = dict[str, Callable[[Complaint, Step, datetime], Faults]]
"""What is wrong with a step, by what is to be done."""
Follows = dict[str, Callable[[Complaint, Step, datetime], None]]
"""What follows from it."""
