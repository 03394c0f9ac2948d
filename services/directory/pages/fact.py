"""The page of one fact, and the form for a new one: what it is, how to change it, and everything it has been."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.domain.facts import Facts
from services.directory.pages.kit import show
from services.directory.pages.sheets import Sheet
from services.directory.tables import Change
from services.directory.usecases import accounts
from shared.refusals import NotFound
from shared.security.roles import Action, Actor, Role
from shared.web.forms import EMPTY, Form


def address(sheet: Sheet, key: str) -> str:
    """The page of one fact."""
    return f"/directory/{sheet.path}/of/{quote(key)}"


async def new_page(
    request: Request, session: AsyncSession, actor: Actor, sheet: Sheet, form: Form = EMPTY
) -> HTMLResponse:
    """The form for a new one."""
    choices = _choices(sheet, await store.held(session))
    return await show(
        request, actor, "fact_new.html", "directory", sheet.path, sheet=sheet, form=form, typed={}, choices=choices
    )


async def page_of(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    sheet: Sheet,
    key: str,
    form: Form = EMPTY,
    sent: str = "correct",
) -> HTMLResponse:
    """One of them; `sent` says which of its forms was refused: `correct`, `switch`, `key` or `act`."""
    known = await store.held(session)
    found = await store.fact(session, sheet.kind, key)
    if found is None:
        raise NotFound("no-such-fact", f"目录中没有“{key}”。")
    revision, fact = found
    more: dict[str, Any] = {"history": (), "login": None}
    if actor.may(Action.ADMINISTER):
        more["history"] = _history(sheet, await store.changes(session, sheet.kind, key), known)
    if actor.may(Action.ADMINISTER) and sheet.kind == "member":
        sessions = request.app.state.sessions
        more["login"] = await accounts.standing_of(session, sessions, key, Role(fact["role"]))
    return await show(
        request,
        actor,
        "fact.html",
        "directory",
        sheet.path,
        sheet=sheet,
        key=key,
        fact=fact,
        revision=revision,
        typed=_typed(sheet, key, fact),
        form_of=lambda name: form if name == sent else EMPTY,
        pairs=[(field.label, sheet.shown(field, whole(key, fact), known)) for field in sheet.fields],
        choices=_choices(sheet, known),
        is_oneself=sheet.kind == "member" and key == actor.id,
        **more,
    )


def whole(key: str, fact: Mapping[str, Any]) -> dict[str, Any]:
    """A fact with the code it is known by, as its center knows it."""
    return {"code": key.rpartition("/")[2], **fact}


def _typed(sheet: Sheet, key: str, fact: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the form that corrects a fact, before anything was typed."""
    typed = whole(key, fact)
    if sheet.kind == "member" and typed["department"]:
        typed["department"] = f"{typed['center']}/{typed['department']}"
    return typed


def _choices(sheet: Sheet, known: Facts) -> dict[str, Sequence[tuple[str, str]]]:
    return {field.name: field.choices(known) for field in sheet.fields if field.choices}


def _history(sheet: Sheet, changes: Sequence[Change], known: Facts) -> list[tuple[Change, str]]:
    """Everything it has been, the latest first, each with what was another before."""
    pairs = zip(changes, [*changes[1:], None], strict=True)
    return [
        (each, "；".join(_differences(sheet, each.data, before.data, known) if before else []))
        for each, before in pairs
    ]


def _differences(sheet: Sheet, now: Mapping[str, Any], before: Mapping[str, Any], known: Facts) -> Iterator[str]:
    for field in sheet.fields:
        if now.get(field.name) != before.get(field.name):
            was, became = (sheet.shown(field, each, known) or "（空）" for each in (before, now))
            yield f"{field.label}：{was} → {became}"
    if now["active"] != before["active"]:
        yield "恢复使用" if now["active"] else "停用"
    if now.get("calendar") != before.get("calendar"):
        yield "工作日历有变动"
    if now.get("key_hash") != before.get("key_hash"):
        yield "更换密钥"
