"""What an earlier build of sla has kept is still right for this one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, inspect, select

from services.sla.domain import Mark, Running
from services.sla.tables import Base, clocks, inner_limits, orders
from shared.db import Store
from shared.events.dispatch import EscalationReported, EscalationSupervised
from shared.migrate import config_of
from shared.security.roles import Role
from shared.settings import Settings
from tests.service.test_sla_doors import COUNTY, LEAD, OFFICER, SUPERVISOR, TOWN, dispatched, reads, sla, township
from tests.support.alone import Alone, at
from tests.support.clocks import opened

__all__ = ["sla"]

LETTERS = [
    (Mark.REPORTED, "11-26 10:00", 1),
    (Mark.SIGNED, "11-26 15:00", 1),
    (Mark.REPORTED, "11-30 10:00", 2),
    (Mark.SIGNED, "12-01 10:00", 2),
]
"""Two legs' letters, and whose they are."""


def _before(connection: Connection) -> None:
    """A store as it was when letters did not say whose they are."""
    command.upgrade(config_of("sla", Base.metadata, connection), "sla_0005")
    kept = [each["name"] for each in inspect(connection).get_columns("clocks")]  # not those that came since
    connection.execute(orders.insert().values(complaint_id="c"))
    for kind, when, leg in LETTERS:
        if kind is Mark.REPORTED:
            clock = opened()
            clock.leg, clock.reported_at = leg, at(when)
            connection.execute(clocks.insert().values({name: getattr(clock, name) for name in kept}))
        connection.execute(
            inner_limits.insert().values(
                complaint_id="c", event_id=f"{kind} {leg}", center="sq", mark=kind, place=0, at=at(when),
                office="sq", state=Running.OPEN, reminded=0,
            )
        )  # fmt: skip
    connection.commit()


def _now(connection: Connection) -> list[tuple[Mark, int]]:
    command.upgrade(config_of("sla", Base.metadata, connection), "heads")
    connection.commit()
    found = connection.execute(select(inner_limits.c.mark, inner_limits.c.leg).order_by(inner_limits.c.at))
    return [(mark, leg) for mark, leg in found]


def _kept_as_before(connection: Connection) -> None:
    """A store as it was before it was kept whose a clock is, brought to today."""
    config = config_of("sla", Base.metadata, connection)
    command.downgrade(config, "sla_0006")
    command.upgrade(config, "heads")
    connection.commit()


async def test_clocks_that_do_not_say_whose_they_are_are_read_at_the_centers_that_had_them(sla: Alone) -> None:
    late: dict[str, Any] = {"center": "sq", "subject": "c-1", "leg": 1, "round": 1, "to": [LEAD], "level": "sq"}
    await sla.hear(township("sq-zhidian"), dispatched())
    await sla.hear(EscalationSupervised(at=at("10-08 17:31"), fell_due_at=at("10-08 17:30"), **late))
    async with sla.store.engine.connect() as connection:
        await connection.execution_options(yousu_reading=True)
        await connection.run_sync(_kept_as_before)
    for actor in (OFFICER, SUPERVISOR, COUNTY[Role.GOVERNMENT], COUNTY[Role.COORDINATOR]):
        assert await reads(sla, actor), actor
    for role in (Role.OFFICER, Role.SUPERVISOR, Role.GOVERNMENT):
        assert not await reads(sla, TOWN[role]), role
    await sla.hear(EscalationReported(at=at("10-09 17:31"), fell_due_at=at("10-09 17:30"), **late))
    assert await reads(sla, SUPERVISOR)


async def test_letters_that_said_no_leg_are_those_of_the_leg_reported_last_by_then(tmp_path: Path) -> None:
    store = Store("sla", Settings(var=tmp_path))
    async with store.engine.connect() as connection:
        await connection.execution_options(yousu_reading=True)
        await connection.run_sync(_before)
        assert await connection.run_sync(_now) == [(kind, leg) for kind, _, leg in LETTERS]
    await store.close()
