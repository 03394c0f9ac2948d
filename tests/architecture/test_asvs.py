"""The table of ASVS names what is there: every file it points to exists, and it adds up."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "deploy/asvs.md").read_text()
LINES = re.findall(r"^\| ([\d., ]+) \| .* \| (?:\*\*)?([^|*]+?)(?:\*\*)? \| (.*) \|$", TABLE, re.MULTILINE)


def test_every_file_that_shows_something_is_there() -> None:
    named = set(re.findall(r"`((?:\w+/)+[\w.-]+\.\w+)`", TABLE))
    assert len(named) > 50
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_every_requirement_of_levels_one_and_two_has_one_line() -> None:
    asked = [requirement.strip() for line in LINES for requirement in line[0].split(",")]
    assert len(asked) == len(set(asked)) == 253


def test_the_sums_are_those_of_the_lines() -> None:
    sums = {state: int(count) for count, state in re.findall(r"(\d+) ([a-z ]+)[,.]", TABLE.split("## ")[0])}
    counted: dict[str, int] = {}
    for requirements, state, shown_by in LINES:
        assert shown_by
        counted[state] = counted.get(state, 0) + len(requirements.split(","))
    assert {state: sums.get(state) for state in counted} == counted
