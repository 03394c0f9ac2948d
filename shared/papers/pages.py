"""A service's Word templates on a page: what each kind is printed with, that one to fetch, another to hand in."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock, replica
from shared.papers import keeping
from shared.papers.checking import must_be_printable
from shared.papers.doors import Keeper, form_of
from shared.papers.kinds import KINDS, Kind
from shared.papers.package import MOST_BYTES, refusal
from shared.papers.printing import Form as PaperForm
from shared.refusals import Invalid
from shared.security.roles import Actor
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.pages import SHARED
from shared.web.session import Reader, Session

SERVICES = {"dispatch": "工作单和公文", "casebook": "指导案例"}
"""Who prints with Word templates, and what."""


def template_pages(forms: Mapping[Kind, PaperForm]) -> APIRouter:
    """The page of these kinds; what the doors of `template_doors` do, in a browser."""
    router = APIRouter(prefix="/paper-templates", include_in_schema=False)

    async def handed_in(kind: Kind, form: Posted) -> bytes | Invalid:
        files = form.files("file")
        content = await files[0].read(MOST_BYTES + 1) if len(files) == 1 else b""
        if not content:
            return refusal("no-file", "请选择一个改好的 Word 模板（*.docx）。")
        try:
            await asyncio.to_thread(must_be_printable, content, form_of(forms, kind))
        except Invalid as refused:
            return refused
        return content

    @router.get("")
    async def show_templates(
        request: Request, actor: Keeper, session: Reader, kind: Annotated[Kind | None, Query()] = None
    ) -> HTMLResponse:
        """Every kind's; of `kind` also how to replace it, and every version there was."""
        return await _page(request, session, actor, forms, kind)

    @router.post("/{kind}")
    async def replace(
        kind: Kind,
        request: Request,
        actor: Keeper,
        form: Posted,
        content: Annotated[bytes | Invalid, Depends(handed_in)],  # before the session: to look into it holds no writer
        session: Session,
    ) -> Response:
        """Put another in its place; one that could not be printed is refused, saying everywhere it is wrong."""
        form.again = lambda session, form: _page(request, session, actor, forms, kind, form)
        if isinstance(content, Invalid):
            raise content
        row = await keeping.put_in_place(session, actor, kind, actor.center or "", content, clock.now())
        return done(
            _home(request),
            f"{KINDS[kind].name}的模板已换为本中心第{row.version}版，从下一次打印起使用；已经签发的文书不变。",
        )

    @router.post("/{kind}/back")
    async def go_back(kind: Kind, request: Request, actor: Keeper, form: Posted, session: Session) -> Response:
        """Back to the county's, or the shipped one."""
        form.again = lambda session, form: _page(request, session, actor, forms, None, form)
        await keeping.go_back(session, kind, actor.center or "", clock.now())
        return done(_home(request), f"{KINDS[kind].name}已停用本中心的模板。")

    return router


def _home(request: Request) -> str:
    return f"/{request.app.state.service}/paper-templates"


async def _page(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    forms: Mapping[Kind, PaperForm],
    chosen: Kind | None,
    form: Form = EMPTY,
) -> HTMLResponse:
    center = actor.center or ""
    people = await replica.names(session, "member")
    return await SHARED.show(
        request,
        "paper_templates.html",
        tab="paper-templates",
        form=form,
        here=request.app.state.service,
        services=SERVICES,
        center=center,
        kinds={kind: KINDS[kind].name for kind in forms},
        in_place=await keeping.in_place(session, center),
        chosen=chosen,
        fields=_fields(form_of(forms, chosen)) if chosen else [],
        versions=await keeping.versions(session, chosen, center) if chosen else [],
        person=lambda username: people.get(username, username),
    )


def _fields(form: PaperForm) -> Sequence[tuple[str, str, str]]:
    """What a template may name, each with what it stands for and an example."""
    needed = dict.fromkeys(form.required, "（模板必须有）")
    return [(name, form.meanings[name] + needed.get(name, ""), _example(value)) for name, value in form.sample.items()]


def _example(value: Any) -> str:
    match value:
        case bool():
            return "是或否，用“if”判断"
        case [Mapping() as first, *_]:
            return f"列表，用“for”逐项取，每项有 {'、'.join(first)}"
        case [first, *_]:
            return f"列表，用“for”逐项取，例如：{first}"
        case _:
            return str(value) or "可以为空"
