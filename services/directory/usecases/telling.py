"""Telling the others what there is: a fact when it changes, a county at the beginning, everything again when asked."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from deploy.county import SAMPLE_PASSWORD, County
from services.directory import store
from services.directory.domain.facts import next_revision
from services.directory.tables import Change
from shared import clock, replica
from shared.events.directory import (
    CenterChanged,
    ChannelChanged,
    DepartmentChanged,
    DirectoryFact,
    LiaisonChanged,
    MemberChanged,
    PartnerChanged,
    UnitChanged,
)
from shared.messaging import announce
from shared.security import passwords
from shared.security.sessions import digest
from shared.workdays import Calendar

KINDS: dict[str, type[DirectoryFact]] = {
    "partner": PartnerChanged,
    "channel": ChannelChanged,
    "department": DepartmentChanged,
    "unit": UnitChanged,
    "member": MemberChanged,
    "liaison": LiaisonChanged,
    "center": CenterChanged,
}
"""In the order they are told: the county's own center comes last, and whoever knows it has been told the rest."""


async def tell(
    session: AsyncSession,
    kind: str,
    code: str,
    center: str,
    data: dict[str, Any],
    *,
    by: str = "",
    reason: str | None = None,
) -> int:
    """Make this the latest of a fact, write it into its history and announce it; nothing when it is no news.

    Returns the fact's revision.
    """
    kept = {**data, "active": data.get("active", True), "center": center}
    known = await store.fact(session, kind, code)
    revision = next_revision(known, kept)
    if revision is None:
        assert known
        return known[0]
    now = clock.now()
    event = KINDS[kind](at=now, subject=code, revision=revision, **kept)
    await replica.put(session, kind, code, revision, kept)
    store.add(session, Change(kind=kind, code=code, revision=revision, at=now, by=by, reason=reason, data=kept))
    announce(session, event)
    return revision


async def load_county(session: AsyncSession, county: County, *, on_bus: bool = False) -> None:
    """Fill the directory with a county, its sample logins and channel keys; what is there already stays.

    Its partners are switched on only where there is a bus for them to read.
    """
    root = county.root.code
    for partner in county.partners if on_bus else ():
        data: dict[str, Any] = {"name": partner.name, "kind": partner.kind}
        await tell(session, "partner", partner.queue, root, data)
    for channel in county.channels:
        data = {"name": channel.name, "key_hash": digest(f"sample-{channel.source}")}
        await tell(session, "channel", channel.source, root, data)
    for department in county.departments:
        data = {"name": department.name, "short_name": department.short_name, "code": department.code}
        await tell(session, "department", f"{department.center}/{department.code}", department.center, data)
    for unit in county.units:
        await tell(session, "unit", unit.name, root, {"name": unit.name, "way": unit.way, "phone": unit.phone})
    password_hash = passwords.hashed(SAMPLE_PASSWORD, is_quick=True)
    for member in county.members:
        data = {"name": member.name, "role": member.role, "department": member.department, "phone": member.phone}
        await tell(session, "member", member.username, member.center, data)
        await store.set_password(session, member.username, password_hash)
    calendar = Calendar().to_facts()
    for center in sorted(county.centers, key=lambda center: center.parent is None):
        data = {"name": center.name, "parent": center.parent, "area_code": center.area_code, "place": center.place}
        await tell(session, "center", center.code, center.code, data | {"calendar": calendar})


async def announce_all(session: AsyncSession) -> int:
    """Announce every current fact again, as it is: for a new service, a first start, a restore. Returns how many."""
    told = 0
    for kind, event in KINDS.items():
        for row in sorted(await store.facts(session, kind), key=lambda row: row.data.get("parent") is None):
            announce(session, event(at=clock.now(), subject=row.code, revision=row.revision, **row.data))
            told += 1
    return told
