"""Registering by a form: at the window, or the petitioner's own. What is refused is said there, and not kept (Art. 5).

A form carries a reference of one use, signed by the house: sent twice it is one complaint, and nobody can make one up
to be told what is another's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.fields import Refused
from services.intake.store import complaints as store
from services.intake.usecases.attaching import Given, keep
from services.intake.usecases.receive import Arrival, receive, source_of
from services.intake.usecases.register import Registered
from shared.cleaning import clean
from shared.ids import new_id
from shared.refusals import NotPossible
from shared.security.keys import form_tokens
from shared.security.roles import Actor, Role

SELF_SERVICE = Actor("web", "网上自助", Role.CHANNEL)
"""The channel of who files by the house's own page (mechanism §0)."""
_MADE_HERE = "form-"


async def reference(session: AsyncSession, sender: Actor, carried: str = "") -> str:
    """What a form is to carry: what it carries already while that is good, otherwise a new one."""
    ref = _read(carried)
    if ref and not await store.claimed_before(session, [(source_of(sender), ref)]):
        return carried
    return form_tokens().signed(f"{_MADE_HERE}{new_id()}")


async def file(
    session: AsyncSession, sender: Actor, fields: Mapping[str, Any], carried: str, files: Sequence[Given] = ()
) -> Registered:
    """Register what a form says, with its files; the same form once more is a repeat. Raises `Refused`."""
    ref = _read(carried)
    if ref is None:
        raise NotPossible("form-expired", "这张表单已失效，内容还在，请核对后再提交一次。")
    attachments = [{"id": each.id, "name": each.file.name} for each in files]
    body = {**fields, "source_ref": ref, "attachments": attachments}
    [outcome] = await receive(session, [Arrival(orjson.dumps(body), sender)])
    if isinstance(outcome, Refused):
        raise outcome
    if outcome.repeated:
        await _must_be_the_same(session, outcome, str(fields.get("content", "")))
    else:
        keep(session, outcome.complaint_id, files)
    return outcome


async def _must_be_the_same(session: AsyncSession, outcome: Registered, content: str) -> None:
    """Who goes back by the browser's button and types another complaint into a used form would lose it."""
    complaint = await store.complaint(session, outcome.complaint_id)
    if complaint is None or complaint.content != clean(content, lines=True):
        raise NotPossible(
            "form-used", f"这张表单刚才已登记为 {outcome.number}。如果这是另一件诉求，请核对内容后再提交一次。"
        )


def _read(carried: str) -> str | None:
    ref = form_tokens().read(carried)
    return ref if ref and ref.startswith(_MADE_HERE) else None
