"""The doors to the Word templates of a service: fetch, replace, go back to the shipped one."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.papers import keeping
from shared.papers.checking import must_be_printable
from shared.papers.kinds import KINDS, Format, Kind, on_paper
from shared.papers.package import MOST_BYTES, refusal
from shared.papers.printing import Form, file
from shared.papers.tables import PaperTemplate
from shared.refusals import NotFound
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader, Session

Keeper = Annotated[Actor, permit(Action.KEEP_TEMPLATES)]
_BODY = {
    "requestBody": {
        "content": {Format.WORD.media_type: {"schema": {"type": "string", "format": "binary"}}},
        "required": True,
    }
}


class Version(BaseModel):
    """A template that was put in place."""

    template_id: str
    version: int
    uploaded_at: datetime
    uploaded_by: str
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, row: PaperTemplate) -> Self:
        """As this door shows it."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class Kept(BaseModel):
    """The template of a kind: what is in force, what it may name, and every version this center has had."""

    kind: Kind
    name: str
    in_force: str
    fields: list[str]
    versions: list[Version]


def template_doors(forms: Mapping[Kind, Form]) -> APIRouter:
    """Doors for these kinds; each center replaces its own, and a township without one prints with its county's."""
    router = APIRouter(prefix="/paper-templates")

    @router.get("")
    async def list_templates(session: Reader, actor: Keeper) -> list[Kept]:
        """Every kind's."""
        return [await _kept(session, actor, kind, form) for kind, form in forms.items()]

    @router.get("/{kind}.docx", response_class=Response, responses=on_paper(Format.WORD))
    async def fetch(kind: Kind, session: Reader, actor: Keeper) -> Response:
        """The template in force, to be edited."""
        shipped = form_of(forms, kind).shipped
        _, content = await keeping.template_in_force(session, kind, actor.center or "", shipped)
        return file(content, Format.WORD.media_type, f"{KINDS[kind].name}模板.docx")

    @router.put("/{kind}.docx", openapi_extra=_BODY)
    async def replace(kind: Kind, request: Request, session: Session, actor: Keeper) -> Kept:
        """Put another in its place; one that could not be printed is refused, saying where it is wrong."""
        form = form_of(forms, kind)
        content = await _body(request)
        await asyncio.to_thread(must_be_printable, content, form)
        await keeping.put_in_place(session, actor, kind, actor.center or "", content, clock.now())
        return await _kept(session, actor, kind, form)

    @router.delete("/{kind}.docx")
    async def go_back(kind: Kind, session: Session, actor: Keeper) -> Kept:
        """Back to the county's, or the shipped one."""
        form = form_of(forms, kind)
        await keeping.go_back(session, kind, actor.center or "", clock.now())
        return await _kept(session, actor, kind, form)

    return router


def form_of(forms: Mapping[Kind, Form], kind: Kind) -> Form:
    """The form of this kind. Raises `NotFound` for one that is printed elsewhere."""
    if kind not in forms:
        raise NotFound("no-such-template", "这里没有这种文书的模板，请核对网址。")
    return forms[kind]


async def _kept(session: AsyncSession, actor: Actor, kind: Kind, form: Form) -> Kept:
    center = actor.center or ""
    in_force, _ = await keeping.template_in_force(session, kind, center, form.shipped)
    versions = [Version.of(row) for row in await keeping.versions(session, kind, center)]
    return Kept(kind=kind, name=KINDS[kind].name, in_force=in_force, fields=list(form.sample), versions=versions)


async def _body(request: Request) -> bytes:
    """What was uploaded, read no further than a template may be long."""
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > MOST_BYTES:
            raise refusal("template-too-big", "模板文件不能超过2MB，请压缩其中的图片后重新上传。")
    return content
