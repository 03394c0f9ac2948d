"""What a service tells of its doors is so: asked with what fits and what does not, none says anything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.settings import SERVICES
from tests.contracts.doors import Asked, broken_promises, house_at_work

EXAMPLES = 4


@pytest.fixture(scope="module")
async def asked(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asked]:
    """A house at work, for all tests of this file."""
    async with house_at_work(tmp_path_factory.mktemp("doors")) as asked:
        yield asked


@pytest.mark.parametrize("service", SERVICES)
async def test_every_door_keeps_its_word(asked: Asked, service: str) -> None:
    assert await asyncio.to_thread(broken_promises, asked, service, EXAMPLES) == []
