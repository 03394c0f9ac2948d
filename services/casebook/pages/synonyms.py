"""The synonym table: words that mean the same to the search."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.api.synonyms import Group, GroupView, Keeping, Number
from services.casebook.pages.kit import Several, pages, shown
from services.casebook.usecases import searching
from shared.security.roles import Action, Actor
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.session import Reader, Session

router = APIRouter(include_in_schema=False)

A_PAGE = 50
Sought = Annotated[str, Query(max_length=80)]


class Typed(Group):
    """A group as it is typed into one field."""

    words: Several


@router.get("/synonyms")
async def show_synonyms(
    request: Request, actor: Keeping, session: Reader, q: Sought = "", page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> HTMLResponse:
    """The table, or the groups with a word in which `q` stands, page by page."""
    return await _page(request, session, actor, q=q, page=page)


@router.post("/synonyms")
async def add(request: Request, actor: Keeping, form: Posted, session: Session) -> Response:
    """Add a group; cases are found by it at once."""
    form.again = lambda session, form: _page(request, session, actor, form)
    row = await searching.add_synonym(session, actor, form.read(Typed).words)
    return done("/casebook/synonyms", f"已添加：{'、'.join(GroupView.of(row).words)}。")


@router.get("/synonyms/{number}")
async def show_group(number: Number, request: Request, actor: Keeping, session: Reader) -> HTMLResponse:
    """A group, to be changed."""
    return await _page(request, session, actor, changed=number)


@router.post("/synonyms/{number}")
async def change(number: Number, request: Request, actor: Keeping, form: Posted, session: Session) -> Response:
    """Let other words mean the same."""
    form.again = lambda session, form: _page(request, session, actor, form, number)
    row = await searching.change_synonym(session, actor, number, form.read(Typed).words)
    return done("/casebook/synonyms", f"已修改：{'、'.join(GroupView.of(row).words)}。")


@router.post("/synonyms/{number}/remove")
async def remove(number: Number, request: Request, actor: Keeping, form: Posted, session: Session) -> Response:
    """Remove a group."""
    form.again = lambda session, form: _page(request, session, actor, form)
    await searching.remove_synonym(session, number)
    return done("/casebook/synonyms", "已删除这组同义词。")


async def _page(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    form: Form = EMPTY,
    changed: int | None = None,
    *,
    q: str = "",
    page: int = 1,
) -> HTMLResponse:
    groups = [GroupView.of(row) for row in await searching.synonyms(session)]
    found = [group for group in groups if not q or any(q in word for word in group.words)]
    found.sort(key=lambda group: (not group.by, -group.id if group.by else group.id))
    before = A_PAGE * (page - 1)

    def address(page: int) -> str:
        asked = urlencode({name: value for name, value in {"q": q, "page": page if page > 1 else ""}.items() if value})
        return "/casebook/synonyms" + (f"?{asked}" if asked else "")

    return await pages.show(
        request,
        "synonyms.html",
        tab="approving" if actor.may(Action.APPROVE_CASE) else "drafts",
        form=form,
        q=q,
        groups=found[before : before + A_PAGE],
        before=before,
        total=len(found),
        first=address(1) if page > 1 else None,
        next=address(page + 1) if len(found) > before + A_PAGE else None,
        changed=next((group for group in groups if group.id == changed), None),
        **await shown(session),
    )
