"""Random scenarios end as the mechanism's words alone say they must, reckoned without any of the house's code."""

import pytest

from tests.support.oracle import reckon
from tests.support.playing import Played, Sample, expected, played_by_command, samples
from tests.support.scenarios import lines

SEED, COUNT = 2107, 8
"""Of the first seeds, one with much variety. A line takes seconds on a busy machine; more lines find more."""


def discontent() -> Sample:
    """A petitioner who is told another channel and is not content with that."""
    line = next(sample for sample in samples() if sample["handling"].get("directed_to"))
    line["handling"]["follow_up"] = [{"satisfaction": "dissatisfied", "opinion": "跑来跑去，不满意。"}]
    line["handling"]["expect"] = reckon(line).as_json()
    return line


SCENARIO = [*lines(SEED, COUNT), discontent()]


@pytest.fixture(scope="module")
async def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The scenario, its last line handed over twice; of its three years no morning is told to anyone."""
    twice, folder = [*SCENARIO, SCENARIO[-1]], tmp_path_factory.mktemp("oracle")
    return await played_by_command(twice, folder, environment={"YOUSU_DAILY_DIGEST": "false"})


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample["submission"]["source_ref"])
def test_what_is_said_of_a_sample_complaint_is_what_the_mechanism_says(sample: Sample) -> None:
    assert reckon(sample).as_json() == sample["handling"]["expect"]


def test_the_same_seed_gives_the_same_lines() -> None:
    assert lines(SEED, 20) == lines(SEED, 20) != lines(SEED + 1, 20)


async def test_random_complaints_end_as_the_mechanism_says(played: Played) -> None:
    assert played.outcomes[:COUNT] == expected(SCENARIO[:COUNT])


async def test_each_has_its_number_and_those_concerned_are_told(played: Played) -> None:
    assert all(line["number"] and line["notified"] for line in played.lines)


async def test_who_is_directed_elsewhere_may_be_discontent_to_the_end(played: Played) -> None:
    assert played.outcomes[COUNT] == expected([SCENARIO[-1]])[0]
    assert played.outcomes[COUNT]["final"] == "concluded_unsatisfied"


async def test_a_complaint_handed_over_twice_is_one(played: Played) -> None:
    assert len(played.lines) == len(SCENARIO)
