"""The desks of dispatch on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.dispatch.domain.office import Task
from tests.support.browser import Browser
from tests.support.desks import ZRZY, one_of_each, reported
from tests.support.dispatching import COORDINATOR, SUPERVISOR, Desk


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> AsyncIterator[Desk]:
    async with Desk.open(tmp_path, monkeypatch, database_url) as opened:
        yield opened


async def test_every_desk_is_read_there_as_well(desk: Desk) -> None:
    late = await reported(desk)
    await desk.act(late, "supervise", requirement="请今日答复。")
    await desk.complaint(service_item="不动产登记")
    found = await one_of_each(desk)
    office = await Browser(desk).logged_in(COORDINATOR)
    for task in Task:
        page = await office.open(f"/dispatch/desk?kind={task}")
        assert (found[task] in page.text) is (task is not Task.OVERRULE)
    for path in ("calls", "forecast", "fragments/counts", f"orders/{late}", f"orders/{found['dispatch']}"):
        assert (await office.open(f"/dispatch/{path}")).status_code == 200
    department = await Browser(desk).logged_in(ZRZY)
    assert late in (await department.open("/dispatch/mine")).text
    supervision = await Browser(desk).logged_in(SUPERVISOR)
    page = await supervision.open("/dispatch/supervised")
    assert "请今日答复。" in page.text
    assert page.text.count("<tr>") == 5
