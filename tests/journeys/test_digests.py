"""Digests through the house: departments hear in the morning what they owe, inspection each week who was late."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.town import AUDITOR, Town


@pytest.fixture(scope="module")
async def house_of_the_county(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A house that tells digests."""
    async with Town.at_work(tmp_path_factory.mktemp("town"), digests=True) as town:
        yield town


async def told(town: Town, recipient: str, template: str) -> list[Any]:
    """When this recipient was told a digest, and in which words, in the order it happened."""
    found = await town.read(AUDITOR, "/notify/api/messages", recipient=recipient, limit=200)
    return [(town.said(each["at"]), each["text"]) for each in found["messages"][::-1] if each["template"] == template]


async def test_a_department_hears_each_working_day_what_it_owes_and_nothing_on_days_off(town: Town) -> None:
    number = (await town.file(await town.dispatched("hard")))["number"]
    await town.until("next Tue 12:00")
    agendas = await told(town, "sq/zrzy", "department.agenda")
    assert [at for at, _ in agendas] == [
        "Tue 08:30", "Wed 08:30", "Thu 08:30", "Fri 08:30", "next Mon 08:30", "next Tue 08:30",
    ]  # fmt: skip
    words = [text.partition("件。")[2] for _, text in agendas]
    assert words == [
        "",
        "",
        "",
        f"下一个工作日到期1件：{number}。",
        f"今日到期1件：{number}。",
        f"已逾期1件：{number}。",
    ]


async def test_inspection_hears_on_the_first_working_day_of_the_week_who_was_late_without_the_petitioner(
    town: Town,
) -> None:
    number = (await town.file(await town.dispatched("refused")))["number"]
    await town.until("next Mon 12:00")
    [*_, (at, text)] = await told(town, "supervisor@sq", "inspection.week")
    assert at == "next Mon 08:30"
    supervised, _, reported = text.partition("通报1件")
    assert f"{number}（自然资源局）" in supervised
    assert f"{number}（自然资源局）" in reported
    assert "周春梅" not in text
