"""Random scenarios end as the mechanism's words alone say they must, reckoned without any of the house's code."""

from pathlib import Path

import pytest

from tests.support.oracle import reckon
from tests.support.playing import Sample, expected, played_by_command, samples
from tests.support.scenarios import lines

SEED, COUNT = 2022_19, 80


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample["submission"]["source_ref"])
def test_what_is_said_of_a_sample_complaint_is_what_the_mechanism_says(sample: Sample) -> None:
    assert reckon(sample).as_json() == sample["handling"]["expect"]


def test_the_same_seed_gives_the_same_lines() -> None:
    assert lines(SEED, 20) == lines(SEED, 20) != lines(SEED + 1, 20)


async def test_random_complaints_end_as_the_mechanism_says(tmp_path: Path) -> None:
    scenario = lines(SEED, COUNT)
    played = await played_by_command(scenario, tmp_path)
    assert played.outcomes == expected(scenario)
    assert all(line["number"] and line["notified"] for line in played.lines)


async def test_a_complaint_handed_over_twice_is_one_and_a_directed_one_may_end_in_discontent(tmp_path: Path) -> None:
    directed = next(sample for sample in samples() if sample["handling"].get("directed_to"))
    discontent = {"satisfaction": "dissatisfied", "opinion": "跑来跑去，不满意。"}
    directed["handling"] |= {"follow_up": [discontent], "expect": None}
    directed["handling"]["expect"] = reckon(directed).as_json()
    played = await played_by_command([directed, directed], tmp_path)
    assert played.outcomes == expected([directed])
    assert played.outcomes[0]["final"] == "concluded_unsatisfied"
