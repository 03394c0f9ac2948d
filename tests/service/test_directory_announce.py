"""The directory told again to whoever has missed it."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.county import load_county
from services.directory.app import service
from services.directory.usecases import telling
from services.sla.app import service as sla
from shared import replica
from shared.security.roles import Actor, Role
from tests.support.alone import Alone

ADMINISTRATOR = Actor("admin", "管理员", Role.ADMINISTRATOR, "sq")
COORDINATOR = Actor("coordinator-sq", "金永强", Role.COORDINATOR, "sq")


async def test_a_new_empty_replica_catches_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    county = load_county()
    async with Alone.at_work(service, tmp_path / "directory", monkeypatch) as directory:
        await directory.do(lambda session: telling.load_county(session, county))
        first = len(await directory.told())
        assert (await directory.ask("POST", "announce", COORDINATOR)).status_code == 403
        answer = await directory.ask("POST", "announce", ADMINISTRATOR)
        assert answer.json() == {"announced": first}
        told = await directory.told()
        again = told[first:]
    assert [told[first - 1].subject, told[-1].subject] == ["sq", "sq"], "who knows the county has been told the rest"
    async with Alone.at_work(sla, tmp_path / "new", monkeypatch) as new:
        await new.hear(*again)
        async with new.store.reading() as session:
            assert len(await replica.center_codes(session)) == len(county.centers)
            assert len(await replica.department_names(session)) == len(county.departments)
