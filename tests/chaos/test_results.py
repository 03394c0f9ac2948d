"""What is kept of a slice: whom each fault struck, what ended by itself, and where all of it was measured."""

import json
from pathlib import Path

from tests.chaos import results
from tests.chaos.endings import STARTS_WITHIN, Ended, judged
from tests.chaos.faults import Fault, Missed, Scene
from tests.chaos.outages import Outage
from tests.chaos.results import Outcome
from tests.chaos.schedule import Schedule


def test_who_ends_as_it_starts_is_a_finding_unless_it_lacked_a_server() -> None:
    outages = [Outage("database", 10.0, 12.0, "crashed"), Outage("its line to redis", 20.0, 21.0, "cut", "sla.2")]
    starting, alone = Ended("sla", 1, 11.5, 14.5), Ended("sla", 1, 13.0, 15.0)
    cut_off, another = Ended("sla.2", 3, 20.5, 22.0), Ended("sla", 3, 20.5, 22.0)
    long_there = Ended("notify", -9, 11.0 - STARTS_WITHIN, 11.5)
    unaccounted, wanting = judged([starting, alone, cut_off, another, long_there], outages)
    assert wanting == [
        "sla ended by itself with 1, 3.0 s after its start, without database (crashed)",
        "sla.2 ended by itself with 3, 1.5 s after its start, without its line to redis (cut)",
    ]
    assert unaccounted == [
        "sla ended by itself with 1, 2.0 s after its start",
        "sla ended by itself with 3, 1.5 s after its start",
        "notify ended by itself with -9, 60.5 s after its start",
    ]


async def test_a_fault_is_counted_with_whom_it_struck_and_one_that_missed_is_not() -> None:
    outcome, struck = Outcome(7), iter([["sla.2"], ["intake", "intake.2"], ["sla.2"]])

    async def kill(_: Scene) -> list[str]:
        return next(struck)

    async def miss(_: Scene) -> None:
        raise Missed

    async def shake(_: Scene) -> None:
        """Everyone."""

    schedule = Schedule(None, 7, outcome, print)  # type: ignore[arg-type]
    for fault in (*[Fault("killed", kill)] * 3, Fault("missed", miss), Fault("shaken", shake)):
        await schedule.strike(fault)
    assert (outcome.faults, outcome.by_fault) == (4, {"killed": 3, "shaken": 1})
    assert outcome.missed == {"missed": 1}
    assert outcome.struck == {"killed": {"sla.2": 2, "intake": 1, "intake.2": 1}}


def test_slices_add_up_also_with_those_that_did_not_tell_whom_they_struck(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    old = {name: value for name, value in results.told(Outcome(1, by_fault={"killed": 1})).items() if name != "struck"}
    results.keep(file, old)
    for process in ("sla", "sla.2"):
        results.add(file, Outcome(2, faults=2, by_fault={"killed": 2}, struck={"killed": {process: 1, "notify": 1}}))
    total = results.total(file)
    assert (total["faults"], total["by_fault"]) == (4, {"killed": 5})
    assert total["struck"] == {"killed": {"sla": 1, "sla.2": 1, "notify": 2}}
    for line in map(json.loads, file.read_text().splitlines()):
        assert line["machine"]
        assert "commit" in line
