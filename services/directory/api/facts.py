"""The doors to what there is: centers, departments, units, liaisons, members, channels, partners."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from services.directory import store
from services.directory.api.bodies import AnyGiven, Corrected, NewKey, Switched
from services.directory.usecases import registry
from services.directory.usecases.telling import KINDS
from shared.refusals import NotFound
from shared.replica import FactRow
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter()

Administrator = Annotated[Actor, permit(Action.ADMINISTER)]
DirectoryReader = Annotated[Actor, permit(Action.READ_DIRECTORY)]

HIDDEN = frozenset({"key_hash", "calendar"})
"""What no list shows: a secret's hash, and what has doors of its own."""


class ChangeView(BaseModel):
    """A fact as it became."""

    revision: int
    at: datetime
    by: str
    reason: str | None
    fact: dict[str, Any]


class Key(BaseModel):
    """A channel's new key: told once, and kept nowhere."""

    key: str


@router.get("/facts/{kind}")
async def facts(kind: str, session: Reader, _: DirectoryReader) -> list[dict[str, Any]]:
    """All facts of a kind: `center`, `department`, `unit`, `liaison`, `member`, `channel` or `partner`.

    `key` is what a fact is known by; a department's `code` is the short one that its center knows it by.
    """
    _must_be_kind(kind)
    return [_shown(row) for row in await store.facts(session, kind)]


@router.get("/facts/{kind}/history")
async def history(
    kind: str, key: Annotated[str, Query(max_length=80)], session: Reader, _: Administrator
) -> list[ChangeView]:
    """Everything a fact has been, who made it so, when and why; the latest first."""
    _must_be_kind(kind)
    return [
        ChangeView(revision=row.revision, at=row.at, by=row.by, reason=row.reason, fact=_open(row.data))
        for row in await registry.history(session, kind, key)
    ]


@router.post("/facts", status_code=201)
async def enter(given: AnyGiven, session: Session, actor: Administrator) -> dict[str, Any]:
    """Enter a new fact."""
    return _shown(await registry.enter(session, actor, given.kind, given.key, given.facts()))


@router.put("/facts")
async def correct(given: Corrected, request: Request, session: Session, actor: Administrator) -> dict[str, Any]:
    """Correct a fact; who holds another role or place from now on logs in again."""
    fact = given.fact
    row = await registry.correct(session, actor, fact.kind, fact.key, fact.facts(), given.revision, given.reason)
    if fact.kind == "member":
        await request.app.state.sessions.end_all(fact.key)
    return _shown(row)


@router.post("/facts/retire")
async def retire(given: Switched, request: Request, session: Session, actor: Administrator) -> dict[str, Any]:
    """Switch a fact off; a member's sessions end with it."""
    row = await registry.retire(session, actor, given.kind, given.key, given.revision, given.reason)
    if given.kind == "member":
        await request.app.state.sessions.end_all(given.key)
    return _shown(row)


@router.post("/facts/restore")
async def restore(given: Switched, session: Session, actor: Administrator) -> dict[str, Any]:
    """Switch a fact on again, as it was."""
    return _shown(await registry.restore(session, actor, given.kind, given.key, given.revision, given.reason))


@router.post("/channels/{source}/key")
async def new_key(source: str, given: NewKey, session: Session, actor: Administrator) -> Key:
    """Give a channel a new key; the old one opens nothing any more."""
    return Key(key=await registry.new_key(session, actor, source, given.reason))


def _must_be_kind(kind: str) -> None:
    if kind not in KINDS:
        raise NotFound("no-such-kind", "没有这一类目录信息。")


def _shown(row: FactRow) -> dict[str, Any]:
    return {"key": row.code, "code": row.code, "revision": row.revision, **_open(row.data)}


def _open(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in HIDDEN}
