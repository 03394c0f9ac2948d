"""Numbers without gaps, the record of what was issued and with what, and whose Word template is in force."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources.abc import Traversable
from typing import Any, Protocol, Self

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from shared import replica
from shared.papers.kinds import KINDS, Kind
from shared.papers.layouts import Layout, whole
from shared.papers.offices import number, office
from shared.papers.tables import IssuedPaper, PaperNumber, PaperTemplate, ShippedForm
from shared.refusals import NotFound, NotPossible
from shared.security.roles import Actor
from shared.workdays import CHINA

SHIPPED = "shipped-"


class Issuable(Protocol):
    """What can be issued: a letter, a report."""

    @property
    def title(self) -> str:
        """What it is called."""

    def issued(self, number: str, at: datetime, signer: str) -> Self:
        """The same with its number, date and signature."""

    def kept(self) -> dict[str, Any]:
        """As it is kept with what was issued."""


async def issue(
    session: AsyncSession,
    actor: Actor,
    kind: Kind,
    center: str,
    subject: str,
    occasion: str,
    paper: Issuable,
    layout: Traversable,
    shipped: Traversable | None,
    at: datetime,
    petitioner: dict[str, Any] | None = None,
) -> IssuedPaper:
    """Give the paper its number and date under this person's signature, and record it.

    `petitioner`: whom it names, sealed. With it are kept the layout and the Word template it is printed with, where
    these are this release's. The counter stays locked until the transaction ends, so that a rollback leaves no gap:
    the last thing it does. Raises `NotPossible` when it was issued meanwhile.
    """  # fmt: skip
    template = await _kept_template(session, kind, center, shipped) if shipped else ""
    kept_layout = await _keep(session, whole(layout))
    year = at.astimezone(CHINA).year
    named = office(center, await replica.center_name(session, center))
    seq = await _next(session, center, year, kind)
    if await issued_for(session, subject, kind, occasion):
        raise NotPossible("issued-already", f"这份{KINDS[kind].name}已经签发，请直接打印。")
    printed = number(named.short, KINDS[kind].mark, year, seq)
    row = IssuedPaper(
        kind=kind, center=center, year=year, seq=seq, number=printed, subject=subject, occasion=occasion,
        title=paper.title, letter=paper.issued(printed, at, actor.name).kept(), template=template, layout=kept_layout,
        petitioner=petitioner, issued_at=at, issued_by=actor.id,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row


async def _kept_template(session: AsyncSession, kind: Kind, center: str, shipped: Traversable) -> str:
    """The id of the Word template in force; of an office's own, every version is kept already."""
    template_id, content = await template_in_force(session, kind, center, shipped)
    return await _keep(session, content) if template_id.startswith(SHIPPED) else template_id


async def _keep(session: AsyncSession, content: bytes) -> str:
    """Keep what this release ships, once; by its id."""
    form_id = shipped_id(content)
    if await session.get(ShippedForm, form_id) is None:
        row = _insert(session)(ShippedForm).values(form_id=form_id, content=content)
        await session.execute(row.on_conflict_do_nothing())
    return form_id


async def made_with(
    session: AsyncSession, paper: IssuedPaper, layout: Traversable, shipped: Traversable | None
) -> tuple[Layout, tuple[bytes, ...]]:
    """The layout and, where there is one, the Word template a paper was issued with; else as they are shipped now."""
    kept = await session.get(ShippedForm, paper.layout) if paper.layout else None
    templates = (await _template_of(session, paper.template, shipped),) if shipped else ()
    return kept.content if kept else layout, templates


async def _template_of(session: AsyncSession, template_id: str, shipped: Traversable) -> bytes:
    query = select(PaperTemplate).where(PaperTemplate.template_id == template_id)
    if own := await session.scalar(query.options(undefer(PaperTemplate.content))):
        return own.content
    kept = await session.get(ShippedForm, template_id)
    return kept.content if kept else shipped.read_bytes()


def _insert(session: AsyncSession) -> Any:
    """The insert of this store's dialect, which says what to do when the row is there already."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


async def _next(session: AsyncSession, center: str, year: int, kind: Kind) -> int:
    row = _insert(session)(PaperNumber).values(center=center, year=year, kind=kind, n=1)
    n: int | None = await session.scalar(
        row.on_conflict_do_update(
            index_elements=["center", "year", "kind"], set_={"n": PaperNumber.n + 1}
        ).returning(PaperNumber.n)
    )  # fmt: skip
    assert n
    return n


async def issued(session: AsyncSession, paper_id: str) -> IssuedPaper | None:
    """A paper that was issued."""
    return await session.get(IssuedPaper, paper_id)


async def issued_for(session: AsyncSession, subject: str, kind: Kind, occasion: str) -> IssuedPaper | None:
    """The paper of this kind that was issued about this, for this occasion."""
    query = select(IssuedPaper).where(IssuedPaper.subject == subject, IssuedPaper.kind == kind)
    return await session.scalar(query.where(IssuedPaper.occasion == occasion))


async def issued_about(session: AsyncSession, subject: str) -> Sequence[IssuedPaper]:
    """What was issued about a complaint or case, in order."""
    query = select(IssuedPaper).where(IssuedPaper.subject == subject).order_by(IssuedPaper.paper_id)
    return (await session.scalars(query)).all()


async def issued_by_centers(
    session: AsyncSession, centers: Sequence[str], kind: Kind | None, before: str | None, limit: int
) -> Sequence[IssuedPaper]:
    """What these centers have issued, the newest first."""
    query = select(IssuedPaper).where(IssuedPaper.center.in_(centers)).order_by(IssuedPaper.paper_id.desc())
    query = query.where(IssuedPaper.kind == kind) if kind else query
    query = query.where(IssuedPaper.paper_id < before) if before else query
    return (await session.scalars(query.limit(limit))).all()


async def template_in_force(session: AsyncSession, kind: Kind, center: str, shipped: Traversable) -> tuple[str, bytes]:
    """The Word template of a center, by its id: its own, else its county's, else the shipped one."""
    parent = await replica.parent_of(session, center)
    for whose in filter(None, (center, parent)):
        if own := await own_template(session, kind, whose):
            return own.template_id, own.content
    content = shipped.read_bytes()
    return shipped_id(content), content


def shipped_id(content: bytes) -> str:
    """What a shipped template is called in the record."""
    return SHIPPED + hashlib.sha256(content).hexdigest()[:16]


async def own_template(session: AsyncSession, kind: Kind, center: str) -> PaperTemplate | None:
    """The template this center has put in place itself."""
    query = select(PaperTemplate).where(*_own(kind, center), PaperTemplate.withdrawn_at.is_(None))
    return await session.scalar(query.options(undefer(PaperTemplate.content)))


async def versions(session: AsyncSession, kind: Kind, center: str) -> Sequence[PaperTemplate]:
    """Every version this center has put in place, the newest first."""
    query = select(PaperTemplate).where(*_own(kind, center)).order_by(PaperTemplate.version.desc())
    return (await session.scalars(query)).all()


async def in_place(session: AsyncSession, center: str) -> Mapping[Kind, PaperTemplate]:
    """What a center prints with instead of a shipped template: its own, else its county's; without their contents."""
    parent = await replica.parent_of(session, center)
    query = select(PaperTemplate).where(PaperTemplate.withdrawn_at.is_(None))
    rows = (await session.scalars(query.where(PaperTemplate.center.in_([center, parent or ""])))).all()
    return {Kind(row.kind): row for row in sorted(rows, key=lambda row: row.center == center)}


async def put_in_place(
    session: AsyncSession, actor: Actor, kind: Kind, center: str, content: bytes, at: datetime
) -> PaperTemplate:
    """Let this be the center's template from now on."""
    await _withdraw(session, kind, center, at)
    last = await session.scalar(select(func.max(PaperTemplate.version)).where(*_own(kind, center)))
    row = PaperTemplate(
        center=center, kind=kind, version=(last or 0) + 1, content=content,
        digest=hashlib.sha256(content).hexdigest(), uploaded_at=at, uploaded_by=actor.id,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row


async def go_back(session: AsyncSession, kind: Kind, center: str, at: datetime) -> None:
    """Back to the county's, or the shipped one. Raises `NotFound` where the center has none of its own."""
    if not await _withdraw(session, kind, center, at):
        raise NotFound("no-own-template", "本中心没有替换过这种文书的模板，不用恢复。")


async def _withdraw(session: AsyncSession, kind: Kind, center: str, at: datetime) -> bool:
    if own := await own_template(session, kind, center):
        own.withdrawn_at = at
        await session.flush()
    return own is not None


def _own(kind: Kind, center: str) -> tuple[Any, ...]:
    return PaperTemplate.kind == kind, PaperTemplate.center == center


Shipped = Mapping[Kind, Traversable]
"""The Word templates a service ships."""
