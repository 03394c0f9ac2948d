"""What an earlier build of dispatch has kept is still right for this one: dates fixed, committed to and extended."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import Connection

from services.dispatch.tables import Base
from shared.events.dispatch import EscalationSupervised, ExtensionGranted
from shared.events.intake import Triage
from shared.events.sla import Rung
from shared.migrate import config_of
from tests.service.test_dispatch_ladder import RESULT, ZRZY, dispatched, extended, given
from tests.support.alone import at
from tests.support.dispatching import Desk, desk

__all__ = ["desk"]

DISSATISFIED = {"satisfaction": "dissatisfied", "opinion": "没有解决。", "method": "phone"}


def _kept_as_before(connection: Connection) -> None:
    """A store of before commitments were kept in working days, and when committed dates changed; brought to today."""
    config = config_of("dispatch", Base.metadata, connection)
    command.downgrade(config, "dispatch_0009")
    command.upgrade(config, "heads")
    connection.commit()


async def upgraded(desk: Desk) -> None:
    async with desk.store.engine.connect() as connection:
        await connection.execution_options(yousu_reading=True)
        await connection.run_sync(_kept_as_before)


async def test_what_was_fixed_at_dispatch_is_given_again_to_a_redo_in_as_many_working_days(desk: Desk) -> None:
    complaint_id = await dispatched(desk, Triage.REFUSED, committed_working_days=3)
    await desk.act(complaint_id, "reply", ZRZY, **RESULT)
    await desk.act(complaint_id, "check", passed=True)
    await upgraded(desk)
    desk.now("11-30 10:00")
    assert (await desk.file(complaint_id))["commit_by"] == "2026-11-26"
    await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="redo")
    assert (await desk.file(complaint_id))["commit_by"] == "2026-12-03"


@pytest.mark.parametrize("known_by", ["the revision of the change", "none, as sla kept none"])
async def test_a_date_that_was_extended_before_has_its_rungs_and_no_other_date_has(desk: Desk, known_by: str) -> None:
    complaint_id = await extended(desk, "11-26 16:00")
    [granted] = await desk.announced(ExtensionGranted)
    await upgraded(desk)
    assert (await desk.file(complaint_id))["legs"][-1]["committed_on"] == "2026-11-30"
    desk.now("11-30 17:31")
    known = granted.revision if known_by.startswith("the") else 0
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, at("11-30 17:30"), leg=2, committed_by=known))
    assert [(type(event), event.leg) for event in await given(desk)] == [(EscalationSupervised, 2)]
    refused = await desk.refused(complaint_id, "extend", ZRZY, reason="仍待函复。", committed_on="2026-12-02")
    assert refused[:2] == (409, "already-extended")


async def test_a_round_that_was_returned_says_when_and_stays_owed(desk: Desk) -> None:
    complaint_id = await dispatched(desk)
    await desk.act(complaint_id, "reply", ZRZY, kind="reasons", text="不符合条件。", legal_basis="《条例》第五条")
    desk.now("11-24 10:00")
    await desk.act(complaint_id, "check", passed=False, reasons="理由不充分。")
    before = await desk.file(complaint_id)
    await upgraded(desk)
    assert await desk.file(complaint_id) == before
