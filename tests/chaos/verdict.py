"""The verdict: what the house holds, against the parties' ledger and the rules."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from datetime import datetime

from shared.events.dispatch import Escalation
from shared.workdays import CHINA
from tests.chaos import annex, oracle
from tests.chaos.annex import Cells
from tests.chaos.bus import Ears
from tests.chaos.crowd import Crowd
from tests.chaos.evidence import Evidence, Row, told
from tests.chaos.faults.deliveries import LISTENERS
from tests.chaos.ledger import Deed, Ledger
from tests.chaos.oracle import Ladder
from tests.chaos.plans import Plan
from tests.chaos.projection import Projection, misplaced

WRITTEN = {
    "complaints": ("content", "registered_at"),
    "replies": ("text", "at"),
    "steps": ("text", "at"),
    "checks": ("reasons", "at"),
    "follow_ups": ("opinion", "at"),
    "conclusions": ("reasons", "proposed_at"),
}
"""Where a mark may stand, and which instant tells when it was written."""


@dataclass
class Verdict:
    """What is wrong, each in words; all empty when nothing is."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    ghosts: list[str] = field(default_factory=list)
    rungs: list[str] = field(default_factory=list)
    """Missing, doubled, or given though answered in time."""
    stuck: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    """Parked though not poisonous, or poisonous and not dead."""
    wrong: list[str] = field(default_factory=list)
    """A ledger row, a number, an end that is not what it must be; an answer nobody should get."""
    away: list[str] = field(default_factory=list)
    """What a door said, while a server was away, that it must not say."""
    late: list[str] = field(default_factory=list)
    """What took longer than it may on a machine of its own."""

    @property
    def is_clean(self) -> bool:
        """Whether all is well."""
        return not any(self.faults().values())

    def faults(self) -> dict[str, list[str]]:
        """Everything that is wrong, by kind."""
        return {name: found for name, found in asdict(self).items() if isinstance(found, list)}


class Court:
    """Compares."""

    def __init__(
        self, plans: dict[str, Plan], ledger: Ledger, evidence: Evidence, ears: Ears, projection: Projection
    ) -> None:
        self.plans = plans
        self.ledger = ledger
        self.evidence = evidence
        self.ears = ears
        self.projection = projection
        self.verdict = Verdict()
        self._announced: dict[tuple[str, int], set[str]] = defaultdict(set)

    def judge(self, ended: set[str], crowd: Crowd, poison: set[tuple[str, str]], forged: set[str]) -> Verdict:
        """`ended` are the loops that came to their end."""
        self._known = self.plans.keys() | crowd.sources.keys()
        self._travel(forged, {name for _, name in poison})
        self._die(poison)
        self._numbers()
        self._escalations()
        self._deeds()
        self._many(crowd)
        self._rows()
        for loop in sorted(ended):
            self._loop(self.plans[loop], self.ledger.receipts[loop]["complaint_id"])
        self.verdict.wrong += self.ledger.findings
        return self.verdict

    def _travel(self, forged: set[str], poison: set[str]) -> None:
        """Every event reached everyone who listens, once; nobody took what nobody sent."""
        found, evidence = self.verdict, self.evidence
        for event_id, event in evidence.events.items():
            for service in LISTENERS.get(event.full_type(), ()):
                if event_id not in evidence.claims[service]:
                    found.lost.append(f"{service} never took {event.full_type()} {event_id}")
        for event_id in evidence.events.keys() - self.ears.witnessed - set(evidence.unsent):
            found.lost.append(f"{evidence.events[event_id].full_type()} {event_id} was sent, and no witness has it")
        known = evidence.events.keys() | forged | poison
        found.ghosts += [f"{each}, which nobody announced, was seen" for each in self.ears.witnessed - known]
        for event_id, event in evidence.events.items():
            if event.caused_by and event.caused_by not in known:
                found.ghosts.append(f"{event.full_type()} {event_id} was caused by {event.caused_by}, which is nowhere")
        for service, claims in evidence.claims.items():
            for event_id in claims - known:
                if ":" not in event_id:
                    found.ghosts.append(f"{service} took {event_id}, which nobody announced")
        for table in ("journal", "messages"):
            for row in evidence.all(table):
                if row["event_id"] not in known:
                    found.ghosts.append(f"{table} has {row['event_id']}, which nobody announced")
        times = Counter(_key(row) for row in evidence.all("messages"))
        found.doubled += [f"told twice: {key}" for key, count in times.items() if count > 1]
        for message_id, queue in evidence.partners.items():
            if message_id not in self.ears.heard[queue] and message_id not in evidence.unsent:
                found.lost.append(f"{queue} never got {message_id}")
        for queue, messages in self.ears.heard.items():
            found.ghosts += [f"{queue} got {each}" for each in messages.keys() - evidence.partners.keys()]
        found.stuck += [f"unsent: {message_id}" for message_id in evidence.unsent]

    def _die(self, poison: set[tuple[str, str]]) -> None:
        for name, row in self.evidence.parked.items():
            if name not in poison:
                self.verdict.dead.append(f"parked: {name} {row['kind']} {row['error'][:160]}")
            elif row["next_try_at"] is not None:
                self.verdict.dead.append(f"poison still tried: {name}")
        self.verdict.dead += [f"poison not kept: {name}" for name in poison - self.evidence.parked.keys()]

    def _numbers(self) -> None:
        """Gap-free in each center and year, and no reference twice."""
        by_counter = defaultdict(list)
        for row in self.evidence.all("complaints"):
            by_counter[row["center"], row["year"]].append(row["seq"])
            if row["source_ref"] not in self._known:
                self.verdict.ghosts.append(f"complaint {row['number']} was never sent: {row['source_ref']}")
        for counter, numbers in by_counter.items():
            if sorted(numbers) != list(range(1, len(numbers) + 1)):
                self.verdict.wrong.append(f"numbers of {counter} have gaps or repeats")

    def _rows(self) -> None:
        """Each complaint stands in the ledger once, in its place, and nothing that nobody sent."""
        rows, found = self.projection.rows, self.verdict
        found.doubled += [f"in the ledger: {name}" for name in rows if name.endswith(" again")]
        unknown = {name.removesuffix(" again") for name in rows} - self._known
        found.ghosts += [f"in the ledger: {name}, which nobody sent" for name in sorted(unknown)]
        complaints = self.evidence.all("complaints")
        numbers = {row["source_ref"]: (row["center"], row["year"], row["seq"]) for row in complaints}
        found.wrong += misplaced(self.projection, numbers)
        found.lost += [f"{name} has no row in the ledger" for name in sorted(numbers.keys() - rows.keys())]

    def _row(self, name: str, reference: str, must: Cells) -> None:
        if has := self.projection.rows.get(reference):
            self.verdict.wrong += [f"{name}: {what}" for what in annex.differing(has, must)]

    def _escalations(self) -> None:
        """Each rung was announced once, of whichever complaint."""
        times: Counter[tuple[str, int, str]] = Counter()
        for event in self.evidence.events.values():
            if isinstance(event, Escalation):
                times[event.subject, event.leg, event.type.partition(".")[2]] += 1
        for (complaint_id, leg, rung), count in times.items():
            self._announced[complaint_id, leg].add(rung)
            if count > 1:
                self.verdict.doubled.append(f"{complaint_id} leg {leg}: {rung} was announced {count} times")

    def _deeds(self) -> None:
        """What was acknowledged is there, once, and dated when it was done; what is there was sent."""
        written = self._written()
        for (loop, step), deed in self.ledger.deeds.items():
            if step in ("triage", "dispatch", "check", "check-1", "approve", "retriage"):
                continue  # these leave no words of their own; the order's end tells of them
            instants = written.pop(deed.mark, [])
            times = len(instants)
            for instant in instants:
                self._dated(deed, instant)
            if deed.acknowledged_at and not times:
                self.verdict.lost.append(f"{loop} {step} was acknowledged ({deed.how}) and is not there")
            if times > 1:
                self.verdict.doubled.append(f"{loop} {step} is there {times} times")
        self.verdict.ghosts += [f"{mark} was never sent" for mark in written]

    def _many(self, crowd: Crowd) -> None:
        """Each was told its number, as often as it asked."""
        ids = {row["source_ref"]: row["id"] for row in self.evidence.all("complaints")}
        for reference, source in crowd.sources.items():
            if reference not in ids:
                continue  # lost, and found to be by its deed
            self._row(reference, reference, annex.taken_in(reference))
            has = self._heard().get(ids[reference], Counter())[f"feedback.{source}", "complaint.registered"]
            if has != (must := 1 + (reference in crowd.told_again)):
                found = self.verdict.lost if has < must else self.verdict.doubled
                found.append(f"{reference}: its channel was told {has} times that it is registered, not {must}")

    def _dated(self, deed: Deed, at: datetime) -> None:
        if not deed.may_have_been_done(at):
            self.verdict.wrong.append(f"{deed.loop} {deed.step} is dated {at}, and was sent at {deed.sent_at}")

    def _written(self) -> dict[str, list[datetime]]:
        """Each mark in the stores that own what it was written into: as often as it stands there, when it was."""
        found: dict[str, list[datetime]] = defaultdict(list)
        for table, (column, instant) in WRITTEN.items():
            for row in self.evidence.all(table):
                if row[column] and "〔" in row[column]:
                    found["〔" + row[column].partition("〔")[2]].append(row[instant])
        return found

    def _loop(self, plan: Plan, complaint_id: str) -> None:
        evidence, found, name = self.evidence, self.verdict, f"{plan.loop} ({plan.kind.name})"
        orders = evidence.of("orders", complaint_id)
        if len(orders) != 1:
            found.lost.append(f"{name} has {len(orders)} orders")
            return
        [order] = orders
        checks = [
            ("final", order["final"], oracle.final_of(plan)),
            ("redo", order["round"] - 1, oracle.redo_of(plan)),
            ("triage", order["triage"], oracle.triage_of(plan)),
            ("number of legs", len(evidence.of("legs", complaint_id)), oracle.legs_of(plan)),
        ]
        found.wrong += [f"{name}: {what} is {has}, not {must}" for what, has, must in checks if has != must]
        if deed := self.ledger.deeds.get((plan.loop, "dispatch")):  # which leaves no word that would be dated
            self._dated(deed, order["dispatched_at"])
        self._row(name, plan.loop, annex.ended(plan, evidence, complaint_id, self._ladders(name, plan, complaint_id)))
        self._channel(name, plan, complaint_id)
        self._notices(name, plan, complaint_id)

    def _ladders(self, name: str, plan: Plan, complaint_id: str) -> list[Ladder]:
        """Each leg's rungs; and the ladders they must make."""
        evidence, found, ladders = self.evidence, self.verdict, list[Ladder]()
        for leg in evidence.of("legs", complaint_id):
            rows = [row for row in evidence.of("rungs", complaint_id) if row["leg"] == leg["number"]]
            has = {row["rung"] for row in rows}
            supervised = next((row["at"].astimezone(CHINA) for row in rows if row["rung"] == "supervised"), None)
            answers = [row for row in evidence.of("replies", complaint_id) if row["leg"] == leg["number"]]
            returns = [row for row in evidence.of("checks", complaint_id) if row["leg"] == leg["number"]]
            ladder = oracle.ladder_of(
                leg,
                [row["at"].astimezone(CHINA) for row in answers if row["is_lead"]],
                sorted(row["at"].astimezone(CHINA) for row in returns if not row["passed"]),
                supervised,
            )
            ladders.append(ladder)
            if (has_limit := (leg["rule"], leg["working_days"])) != (must := oracle.limit_of(plan, leg["number"])):
                found.wrong.append(f"{name} leg {leg['number']} has the limit {has_limit}, not {must}")
            self._dated(self.ledger.deeds[plan.loop, oracle.begun_by(plan, leg["number"])], leg["starts_at"])
            early = [row["rung"] for row in rows if row["at"] < ladder.instants.get(row["rung"], row["at"])]
            found.rungs += [f"{name} leg {leg['number']}: {rung} before its instant" for rung in early]
            if leg["due_at"] != ladder.due_at:
                found.wrong.append(f"{name} leg {leg['number']} is due {leg['due_at']}, not {ladder.due_at}")
            story = f"(start {leg['starts_at']}, answers {[str(row['at']) for row in answers]})"
            for rung in ladder.rungs - has:
                found.rungs.append(f"{name} leg {leg['number']}: {rung} is missing {story}")
            for rung in has - ladder.rungs:
                found.rungs.append(f"{name} leg {leg['number']}: {rung} though answered in time {story}")
            announced = self._announced[complaint_id, leg["number"]]
            if announced != has:
                found.ghosts.append(f"{name} leg {leg['number']}: announced {announced}, kept {has}")
        return ladders

    def _channel(self, name: str, plan: Plan, complaint_id: str) -> None:
        heard = self._heard().get(complaint_id, Counter())
        must = {(f"feedback.{plan.source}", what): n for what, n in oracle.feedback_of(plan).items()}
        must |= {(queue, "order.assigned"): n for queue, n in oracle.assigned_of(plan).items()}
        for key in must.keys() | {
            key for key in heard if key[1].startswith("complaint.") or key[1] == "order.assigned"
        }:
            has, wanted = heard[key], must.get(key, 0)
            if has < wanted:
                self.verdict.lost.append(f"{name}: {key} came {has} times, not {wanted}")
            if has > wanted:
                self.verdict.doubled.append(f"{name}: {key} came {has} times, not {wanted}")

    def _heard(self) -> dict[str, Counter[tuple[str, str]]]:
        if not hasattr(self, "_heard_of"):
            self._heard_of: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
            for queue, messages in self.ears.heard.items():
                for body in messages.values():
                    self._heard_of[body["subject"]][queue, body["type"]] += 1
        return self._heard_of

    def _notices(self, name: str, plan: Plan, complaint_id: str) -> None:
        evidence = self.evidence
        rungs = evidence.of("rungs", complaint_id)
        late = sum(len(told(row["told"])) for row in rungs if row["rung"] == "supervised")
        must = oracle.notices_of(plan, rungs, late)
        has = Counter(row["template"] for row in evidence.of("messages", complaint_id))
        for template in must:
            if has[template] < must[template]:
                self.verdict.lost.append(f"{name}: {template} was told {has[template]} times, not {must[template]}")
            elif has[template] > must[template]:
                self.verdict.doubled.append(f"{name}: {template} was told {has[template]} times, not {must[template]}")


def _key(row: Row) -> tuple[str, ...]:
    return row["event_id"], row["recipient"], row["template"], row["means"]
