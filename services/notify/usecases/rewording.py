"""The words of the messages, put into an office's own: of the whole house, so by the county's center."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.domain import wording
from services.notify.domain.templates import TEMPLATES, Template
from services.notify.tables import WordingRow
from shared import clock, replica
from shared.ids import new_id
from shared.security.roles import Action, Actor, must_reach


async def now(session: AsyncSession) -> Mapping[str, Template]:
    """The words of every template, as the next message will have them."""
    wordings = await store.wordings(session)
    return {name: wordings.now(name) for name in TEMPLATES}


async def changes(session: AsyncSession, name: str) -> Sequence[WordingRow]:
    """How a template's words have changed, the newest first."""
    return await store.wordings_of(session, name)


async def may_reword(session: AsyncSession, actor: Actor) -> bool:
    """Whether this one may change them."""
    return actor.may(Action.KEEP_TEMPLATES) and actor.reaches(await replica.root_center(session))


async def reword(session: AsyncSession, actor: Actor, name: str, title: str, body: str) -> Template:
    """Put other words in the place of a template's, from the next message on; refused if they could not be filled."""
    words = wording.must_be_words(name, title, body)
    await _keep(session, actor, name, words)
    return words


async def restore(session: AsyncSession, actor: Actor, name: str) -> Template:
    """Go back to the shipped words."""
    words = wording.shipped(name)
    await _keep(session, actor, name, None)
    return words


async def _keep(session: AsyncSession, actor: Actor, name: str, words: Template | None) -> None:
    must_reach(actor, await replica.root_center(session))
    title, body = (words.title, words.body) if words else (None, None)
    row = WordingRow(wording_id=new_id(), template=name, title=title, body=body, by=actor.id, at=clock.now())
    session.add(row)
