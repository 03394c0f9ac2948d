"""What journeys have in common."""

from collections.abc import AsyncIterator

import pytest

from tests.support.town import Town


@pytest.fixture(scope="module")
async def house_of_the_county(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One house for all tests of a file: it takes seconds to open."""
    async with Town.at_work(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.fixture
async def town(house_of_the_county: Town) -> Town:
    """The county on a Monday at nine, before two weeks without a holiday."""
    await house_of_the_county.new_week()
    return house_of_the_county
