"""What a channel has sent and could not be registered: shown with its faults, mended by a person, registered then."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.fields import Refused
from services.intake.store import complaints as store
from services.intake.store import directory
from services.intake.tables import RejectedRow
from services.intake.usecases.reading import scope
from services.intake.usecases.receive import Arrival, receive
from services.intake.usecases.register import Registered
from shared.events.partners import unwrapped
from shared.live import concern
from shared.refusals import NotFound, NotPossible
from shared.security.keys import sealer
from shared.security.roles import Action, Actor, Role

MOST_COUNTED = 1_000


@dataclass(frozen=True)
class Opened:
    """A rejected submission as it came: its text, and its fields where they could be read."""

    row: RejectedRow
    text: str
    fields: Mapping[str, Any]


async def rejected(
    session: AsyncSession, actor: Actor, limit: int, *, mended: bool | None = None, before: str | None = None
) -> Sequence[RejectedRow]:
    """The newest rejected submissions this actor may read; the county sees those whose center nobody could read."""
    reach, strays = await _reach(session, actor)
    return await store.rejected(session, reach, strays=strays, limit=limit, mended=mended, before=before)


async def waiting(session: AsyncSession, actor: Actor) -> int:
    """How many of them nobody has mended."""
    reach, strays = await _reach(session, actor)
    return await store.rejected_waiting(session, reach, strays=strays, most=MOST_COUNTED)


async def opened(session: AsyncSession, actor: Actor, rejected_id: str, *, hold: bool = False) -> Opened:
    """One of them, as it came, for whoever mends it; with `hold`, held for this transaction. Raises `NotFound`."""
    reach, strays = await _reach(session, actor)
    row = await store.rejected_one(session, rejected_id, reach, strays=strays, hold=hold)
    if row is None or not actor.may(Action.MEND):
        raise NotFound("no-such-rejected", "没有这条退回的记录，或不在您的查看范围内。")
    raw = base64.b64decode(sealer().open(row.raw, about=row.id))
    return Opened(row, raw.decode(errors="replace"), _fields(raw))


async def mend(session: AsyncSession, actor: Actor, rejected_id: str, given: Mapping[str, Any]) -> Registered:
    """Register it as it should have been, in its channel's name, which is told so; raises `Refused` with every fault.

    What the form does not show stays as the channel sent it.
    """
    was = await opened(session, actor, rejected_id, hold=True)
    if was.row.mended_as:
        raise NotPossible("mended", "这条记录已经改正并登记，不用再次提交。")
    row = was.row
    kept = {name: was.fields[name] for name in ("extensions", "attachments") if name in was.fields}
    who = {**_person(was.fields, "profile"), **given.get("petitioner", {})}
    body = {
        **kept,
        **given,
        "petitioner": who,
        "source": row.source,
        "source_ref": row.source_ref or f"mended-{row.id}",
    }
    sender = Actor(row.source, row.source, Role.CHANNEL)
    if row.source == "window":
        sender = Actor(actor.id, actor.name, Role.CLERK, given.get("center"))
    [outcome] = await receive(session, [Arrival(orjson.dumps(body), sender, row.in_reply_to)])
    if isinstance(outcome, Refused):
        raise outcome
    row.mended_as = outcome.complaint_id
    desk = row.center or (await directory.centers(session)).county
    concern(session, lambda: [desk] if desk else ())
    return outcome


async def _reach(session: AsyncSession, actor: Actor) -> tuple[frozenset[str], bool]:
    reach = await scope(session, actor)
    return reach, (await directory.centers(session)).county in reach


def _person(fields: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """These of what the channel told of the petitioner."""
    held = fields.get("petitioner")
    return {name: held[name] for name in names if name in held} if isinstance(held, dict) else {}


def _fields(raw: bytes) -> Mapping[str, Any]:
    try:
        value = unwrapped(orjson.loads(raw))
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
