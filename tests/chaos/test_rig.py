"""The rig's own parts: its plans, its oracle, its lines and its book-keeping. No servers are needed."""

import asyncio
import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.events.dispatch import EscalationUrged
from shared.settings import SERVICES
from shared.workdays import CHINA
from tests.chaos import oracle
from tests.chaos.bus import Ears
from tests.chaos.crowd import PATIENT, Crowd
from tests.chaos.drill import AFTER, BEGIN, Time, next_hour
from tests.chaos.evidence import TABLES, Evidence
from tests.chaos.ledger import Ledger
from tests.chaos.lines import Line
from tests.chaos.outages import Outage, Submitted, hindered, p99, refused, waited
from tests.chaos.parties import Answer
from tests.chaos.plans import KINDS, draw
from tests.chaos.projection import Projection
from tests.chaos.verdict import Court


def at(when: str) -> datetime:
    return datetime.fromisoformat(f"2026-{when}").replace(tzinfo=CHINA)


LEG = {"starts_at": at("11-23 10:00"), "rule": "working_days", "working_days": 3, "committed_on": None}
"""Urged at 17:30 on the 25th, due at 17:30 on the 26th."""


@pytest.mark.parametrize(
    ("answered", "supervised", "rungs"),
    [
        ("11-25 17:30", None, set()),
        ("11-25 17:31", None, {"urged"}),
        ("11-26 17:30", None, {"urged"}),
        ("11-26 17:31", "11-26 17:30", {"urged", "supervised"}),
        ("11-27 17:30", "11-26 17:30", {"urged", "supervised"}),
        ("11-27 17:31", "11-26 17:30", {"urged", "supervised", "reported"}),
        ("11-27 17:31", "11-27 09:00", {"urged", "supervised"}),
    ],
)
def test_a_rung_must_exist_if_and_only_if_the_answer_came_after_its_instant(
    answered: str, supervised: str | None, rungs: set[str]
) -> None:
    ladder = oracle.ladder_of(LEG, [at(answered)], [], at(supervised) if supervised else None)
    assert (ladder.rungs, ladder.due_at) == (rungs, at("11-26 17:30"))
    assert ladder.instants == {"urged": at("11-25 17:30"), "supervised": at("11-26 17:30")} | (
        {"reported": oracle.CALENDAR.end_of_next_working_day(at(supervised))} if supervised else {}
    )


@pytest.mark.parametrize(
    ("answered", "returned", "days"),
    [
        (["11-26 17:30"], [], None),
        (["11-26 17:31"], [], 0),
        (["11-27 08:30:01"], [], 1),
        (["11-30 10:00"], [], 2),
        (["11-24 10:00", "11-27 10:00"], ["11-26 09:00"], None),
        (["11-27 10:00", "11-30 10:00"], ["11-27 11:00"], 1),
    ],
)
def test_the_last_late_answer_counts_in_working_days_begun_since_it_was_due(
    answered: list[str], returned: list[str], days: int | None
) -> None:
    assert oracle.ladder_of(LEG, list(map(at, answered)), list(map(at, returned)), None).overran == days


def test_the_same_seed_draws_the_same_loops() -> None:
    first, second = ([draw(random.Random(7), str(n)) for n in range(50)] for _ in range(2))
    assert first == second
    assert sum(kind.share for kind in KINDS) == 100


def test_the_clock_goes_from_office_hour_to_office_hour_and_over_days_off_quickly() -> None:
    assert next_hour(at("11-27 17:30")) == at("11-27 18:40")
    assert next_hour(at("11-27 18:40")) == at("11-28 10:00")
    assert next_hour(at("11-29 10:00")) == at("11-30 08:30")


async def test_the_clock_never_steps_over_an_instant_somebody_waits_for(tmp_path: Path) -> None:
    time = Time(tmp_path / "clock.json")
    waited = BEGIN + timedelta(minutes=10) + AFTER
    waiting = asyncio.create_task(time.reach(waited))
    await asyncio.sleep(0)
    await time.step()
    await waiting
    assert time.now == waited


def test_a_petitioner_who_is_told_two_numbers_is_a_finding(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    deed = ledger.send("a", "submit", "〔a/submit〕", BEGIN)
    ledger.acknowledge(deed, BEGIN, "answer")
    for number in ("SQ-2026-0001", "SQ-2026-0001", "SQ-2026-0002"):
        ledger.receive("a", {"number": number, "complaint_id": "c", "query_code": "q"})
    assert len(ledger.findings) == 1
    ledger.close()


def test_what_was_done_is_dated_after_it_was_sent_and_not_after_it_was_acknowledged(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    answered, handed_over = (ledger.send("a", step, f"〔a/{step}〕", at("11-23 10:00")) for step in ("reply", "submit"))
    ledger.acknowledge(answered, at("11-23 11:00"), "seen")
    ledger.acknowledge(handed_over, at("11-23 11:00"), "confirmed")
    instants = [at(f"11-23 {time}") for time in ("09:59", "10:00", "11:00", "11:01")]
    assert [answered.may_have_been_done(instant) for instant in instants] == [False, True, True, False]
    assert [handed_over.may_have_been_done(instant) for instant in instants] == [False, True, True, True]
    ledger.close()


class Silent:
    """A voice that nobody hears."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def say(self, _exchange: str, _key: str, _body: bytes, message_id: str) -> None:
        self.said.append(message_id)

    def __contains__(self, message_id: str) -> bool:
        return message_id in self.said


async def test_the_many_wait_while_too_many_of_them_have_no_answer(tmp_path: Path) -> None:
    ledger, voice, ears = Ledger(tmp_path / "ledger.jsonl"), Silent(), Ears("")
    crowd = Crowd("7", ledger, Time(tmp_path / "clock.json"), voice, ears, random.Random(7))  # type: ignore[arg-type]
    for _ in range(10):
        await crowd.hand_over(5)
    assert len(crowd.sources) == 5 * PATIENT
    ears.answers = {message_id: {} for message_id in voice.said}
    await crowd.hand_over(5)
    assert len(crowd.sources) == 5 * PATIENT + 5
    assert all(deed.acknowledged_at for deed in ledger.deeds.values())
    assert not await crowd.is_answered(0)
    ears.answers = voice  # type: ignore[assignment]
    assert await crowd.is_answered(0)
    ledger.close()


def test_a_rung_that_is_announced_twice_is_found_also_of_a_loop_that_never_ended(tmp_path: Path) -> None:
    ledger, ears = Ledger(tmp_path / "ledger.jsonl"), Ears("")
    legs = {"a": 1, "b": 1, "c": 2}
    urged = [EscalationUrged.model_construct(event_id=name, subject="c", leg=leg) for name, leg in legs.items()]
    evidence = Evidence({table: {} for table in TABLES}, {each.event_id: each for each in urged})
    evidence.claims = {service: set("abc") for service in SERVICES}
    crowd = Crowd("7", ledger, Time(tmp_path / "clock.json"), Silent(), ears, random.Random(7))  # type: ignore[arg-type]
    ears.witnessed = set("abc")
    verdict = Court({}, ledger, evidence, ears, Projection()).judge(set(), crowd, set(), set())
    assert verdict.doubled == ["c leg 1: urged was announced 2 times"]
    ledger.close()


@pytest.mark.parametrize(
    ("kind", "changed", "given_at", "found"),
    [
        ("urged", {}, "11-25 17:30", []),
        ("urged", {}, "11-25 17:29", ["leg 1: urged before its instant"]),
        ("urged", {"working_days": 4}, "11-26 17:30", ["leg 1 has the limit ('working_days', 4)"]),
        ("same-day-urged", {}, "11-25 17:30", ["leg 1 has the limit ('working_days', 3)"]),
        ("urged", {"starts_at": at("11-23 10:01")}, "11-25 17:30", ["dispatch is dated 2026-11-23 10:01"]),
    ],
)
def test_a_limit_that_is_not_the_rules_and_a_rung_before_its_time_are_found(
    tmp_path: Path, kind: str, changed: dict[str, object], given_at: str, found: list[str]
) -> None:
    ledger, ears = Ledger(tmp_path / "ledger.jsonl"), Ears("")
    ledger.acknowledge(ledger.send("a", "dispatch", "", at("11-23 10:00")), at("11-23 10:00"), "answer")
    [plan_kind] = [each for each in KINDS if each.name == kind]
    plan = replace(draw(random.Random(7), "a"), kind=plan_kind)
    evidence = Evidence({table: {} for table in TABLES})
    leg = {"complaint_id": "c", "number": 1} | LEG | changed
    leg["due_at"] = oracle.due_of(leg).due_at
    answer = {"leg": 1, "at": leg["due_at"], "is_lead": True}
    rung = {"leg": 1, "rung": "urged", "at": at(given_at)}
    evidence.tables |= {"legs": {"c": [leg]}, "replies": {"c": [answer]}, "rungs": {"c": [rung]}}
    court = Court({}, ledger, evidence, ears, Projection())
    court._announced["c", 1] = {"urged"}
    court._ladders("a", plan, "c")
    told = [line for lines in court.verdict.faults().values() for line in lines]
    assert len(told) == len(found), told
    assert all(part in line for part, line in zip(found, told, strict=True))
    ledger.close()


async def test_a_line_is_cut_and_mended_and_loses_the_answer_it_was_told_to_lose() -> None:
    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line.upper())
            done.append(line)
        writer.close()

    async def ask(word: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", line.port_here)
        try:
            writer.write(word + b"\n")
            return await reader.readline()
        except ConnectionError:
            return b""
        finally:
            writer.transport.abort()

    done: list[bytes] = []
    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    line = await Line("127.0.0.1", server.sockets[0].getsockname()[1]).open()
    assert await ask(b"a") == b"A\n"
    assert line.met == 0
    line.cut()
    assert await ask(b"b") == b""
    assert line.met
    line.mend()
    line.loses_answer_to = lambda chunk: b"c" in chunk
    assert await ask(b"c") == b""
    assert await ask(b"d") == b"D\n"
    assert (done, line.answers_lost) == ([b"a\n", b"c\n", b"d\n"], 1)
    assert [how for _, _, how in line.harms] == ["cut", "broken instead of an answer"]
    await line.close()
    server.close()


def test_who_is_turned_away_after_a_server_is_back_was_not_turned_away_for_want_of_it() -> None:
    away = Outage("rabbitmq", since=10.0, until=14.0)
    [told] = refused([Submitted(13.0, 0.5, 503)], [away])
    assert told == "without rabbitmq a submission was answered 503 after 0.5 s"
    assert refused([Submitted(13.0, 2.6, 503), Submitted(9.0, 0.5, 503), Submitted(13.0, 0.5, 201)], [away]) == []


def test_who_hangs_while_the_broker_is_away_has_waited_until_it_was_back() -> None:
    away = Outage("rabbitmq", since=10.0, until=14.0)
    hanging, prompt, known_too_late = Submitted(11.0, 12.0, 0), Submitted(12.0, 0.2, 201), Submitted(13.5, 5.0, 0)
    assert waited([hanging, prompt, known_too_late, Submitted(15.0, 9.0, 201)], [away], "rabbitmq") == [0.2, 3.0]
    assert p99([0.1] * 98 + [0.4, 2.0]) == 0.4
    assert p99([0.1, 2.0]) == 2.0
    assert p99([]) is None


def test_staff_act_without_the_broker_and_a_refusal_with_a_reason_hinders_nobody() -> None:
    away = Outage("rabbitmq", since=10.0, until=14.0)
    acted = [Submitted(11.0, 0.1, 503, "busy"), Submitted(11.0, 0.1, 409), Submitted(13.9, 0.5, 503)]
    assert hindered(acted, [away], "rabbitmq") == ["without rabbitmq what staff did was answered 503 busy after 0.1 s"]


async def test_whoever_asks_at_the_doors_asks_until_each_is_accepted(tmp_path: Path) -> None:
    class Doors:
        asked = 0

        async def submit(self, *_: object) -> Answer:
            self.asked += 1
            crowd.stop()
            return Answer(201 if self.asked > 2 else 503)

    ledger, doors = Ledger(tmp_path / "ledger.jsonl"), Doors()
    crowd = Crowd("7", ledger, Time(tmp_path / "clock.json"), Silent(), Ears(""), random.Random(7))  # type: ignore[arg-type]
    await crowd.ask_at_doors(doors, 2)  # type: ignore[arg-type]
    assert doors.asked == 4
    assert [deed.how for deed in ledger.deeds.values()] == ["answer", "answer"]
    ledger.close()
