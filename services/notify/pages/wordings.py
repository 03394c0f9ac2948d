"""The words of the messages: looked at with an example in each place, and put into an office's own."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.api import Keeping, Words
from services.notify.domain import wording
from services.notify.domain.templates import TEMPLATES, Template
from services.notify.pages.kit import pages, shown
from services.notify.usecases import rewording
from shared.security.roles import Actor
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.session import Reader, Session

router = APIRouter(include_in_schema=False)

Name = Annotated[str, Path(pattern=r"^[a-z_.-]{1,80}$")]
PREVIEW = "preview"
"""What the button is called that keeps nothing."""


@router.get("/templates")
async def show_templates(request: Request, actor: Keeping, session: Reader) -> HTMLResponse:
    """Every template, by whom it is for."""
    words = await rewording.now(session)
    groups: dict[str, list[str]] = {}
    for name in TEMPLATES:
        groups.setdefault(name.partition(".")[0], []).append(name)
    return await pages.show(
        request,
        "templates.html",
        tab="templates",
        groups=groups.items(),
        words_now=words,
        changed={name for name, each in words.items() if each != TEMPLATES[name]},
        may_reword=await rewording.may_reword(session, actor),
        **await shown(session),
    )


@router.get("/templates/{name}")
async def show_template(name: Name, request: Request, actor: Keeping, session: Reader) -> HTMLResponse:
    """One template, and how it reads."""
    return await _page(request, session, actor, name)


@router.post("/templates/{name}")
async def reword(name: Name, request: Request, actor: Keeping, form: Posted, session: Session) -> Response:
    """Put other words in its place, from the next message on; or look at them only."""
    form.again = lambda session, form: _page(request, session, actor, name, form)
    given = form.read(Words)
    if form.text("then") == PREVIEW:
        words = wording.must_be_words(name, given.title, given.body)
        return await _page(request, session, actor, name, form, words)
    await rewording.reword(session, actor, name, given.title, given.body)
    return done(f"/notify/templates/{name}", "已保存，从下一条消息起使用；已经发出的消息不变。")


@router.post("/templates/{name}/restore")
async def restore(name: Name, request: Request, actor: Keeping, form: Posted, session: Session) -> Response:
    """Go back to the shipped words."""
    form.again = lambda session, form: _page(request, session, actor, name, form)
    await rewording.restore(session, actor, name)
    return done(f"/notify/templates/{name}", "已恢复随软件提供的用语。")


async def _page(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    name: str,
    form: Form = EMPTY,
    looked_at: Template | None = None,
) -> HTMLResponse:
    known = wording.shipped(name)
    words = (await rewording.now(session))[name]
    return await pages.show(
        request,
        "template.html",
        tab="templates",
        form=form,
        name=name,
        kind=name.partition(".")[0],
        words_now=words,
        known=known,
        places=wording.examples_of(known.places),
        kept=wording.KEPT,
        title=(looked_at or words).title,
        preview=wording.preview(looked_at or words),
        is_looked_at=looked_at is not None,
        changes=await rewording.changes(session, name),
        may_reword=await rewording.may_reword(session, actor),
        **await shown(session),
    )
