"""What a person or a timer can do in directory; one transaction each."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from deploy.county import SAMPLE_PASSWORD, County
from services.directory import domain, store
from shared import clock, replica
from shared.events.directory import (
    CenterChanged,
    ChannelChanged,
    DepartmentChanged,
    DirectoryFact,
    MemberChanged,
    PartnerChanged,
)
from shared.messaging import announce
from shared.refusals import Unauthenticated
from shared.security import passwords
from shared.security.roles import Actor, Role
from shared.security.sessions import Sessions, digest
from shared.workdays import Calendar

KINDS: dict[str, type[DirectoryFact]] = {
    "partner": PartnerChanged,
    "channel": ChannelChanged,
    "department": DepartmentChanged,
    "member": MemberChanged,
    "center": CenterChanged,
}
"""In the order they are told: the county's own center comes last, and whoever knows it has been told the rest."""


async def tell(session: AsyncSession, kind: str, code: str, center: str, data: dict[str, Any]) -> None:
    """Make this the latest of a fact, and announce it; nothing when it is no news."""
    kept = {**data, "active": data.get("active", True), "center": center}
    revision = domain.next_revision(await store.fact(session, kind, code), kept)
    if revision is None:
        return
    event = KINDS[kind](at=clock.now(), subject=code, revision=revision, **kept)
    await replica.put(session, kind, code, revision, kept)
    announce(session, event)


async def load_county(session: AsyncSession, county: County, *, on_bus: bool = False) -> None:
    """Fill the directory with a county, its sample logins and channel keys; what is there already stays.

    Its partners are switched on only where there is a bus for them to read.
    """
    for partner in county.partners if on_bus else ():
        data: dict[str, Any] = {"name": partner.name, "kind": partner.kind}
        await tell(session, "partner", partner.queue, county.root.code, data)
    for channel in county.channels:
        data = {"name": channel.name, "key_hash": digest(f"sample-{channel.source}")}
        await tell(session, "channel", channel.source, "sq", data)
    for department in county.departments:
        data = {"name": department.name, "short_name": department.short_name, "code": department.code}
        await tell(session, "department", f"{department.center}/{department.code}", department.center, data)
    password_hash = passwords.hashed(SAMPLE_PASSWORD)
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


async def log_in(session: AsyncSession, sessions: Sessions, username: str, password: str) -> str:
    """A token for this member; refused alike for a wrong name and a wrong password."""
    known = await store.fact(session, "member", username)
    fits = await passwords.matches(password, await store.password_hash(session, username))
    if not fits or known is None or not known[1]["active"]:
        raise Unauthenticated("wrong-login", "用户名或密码不正确。")
    member = known[1]
    actor = Actor(username, member["name"], Role(member["role"]), member["center"], member["department"])
    return await sessions.open(actor)
