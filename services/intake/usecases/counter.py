"""The counter: a complaint registered, sorted and perhaps settled while the petitioner stands there (Art. 5, 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.usecases import filing, window
from services.intake.usecases.attaching import Given
from services.intake.usecases.register import Registered
from shared.events.intake import Triage
from shared.refusals import FieldFault, Invalid
from shared.security.roles import Actor


@dataclass(frozen=True)
class After:
    """What is done right after registering: sorted, and settled with this result if that is done on the spot."""

    triage: Triage | None = None
    result: str | None = None
    helped_by: str | None = None
    on_the_spot: bool = False


async def register(
    session: AsyncSession,
    actor: Actor,
    fields: Mapping[str, Any],
    carried: str,
    after: After,
    files: Sequence[Given] = (),
) -> Registered:
    """Register it, and what comes after, all or nothing; of a form sent twice the second does nothing more."""
    if after.on_the_spot and not after.result:
        message = "当场办结的，请填写办理结果。"
        raise Invalid("result-missing", message, [FieldFault("result", message)])
    registered = await filing.file(session, actor, fields, carried, files)
    if registered.repeated:
        return registered
    await session.flush()
    triage = after.triage or (Triage.GENERAL if after.on_the_spot else None)
    if triage:
        await window.triage(session, registered.complaint_id, actor, triage)
        await session.flush()  # whoever holds it next reads the row anew
    if after.on_the_spot and after.result:
        await window.settle(session, registered.complaint_id, actor, after.result, after.helped_by)
    return registered
