"""Numbers without gaps, the record of what was issued, and whose Word template is in force."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources.abc import Traversable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from shared import replica
from shared.papers.kinds import KINDS, Kind
from shared.papers.letter import Letter
from shared.papers.offices import number, office
from shared.papers.tables import IssuedPaper, PaperNumber, PaperTemplate
from shared.security.roles import Actor
from shared.workdays import CHINA

SHIPPED = "shipped-"


async def issue(
    session: AsyncSession,
    actor: Actor,
    kind: Kind,
    center: str,
    subject: str,
    occasion: str,
    letter: Letter,
    template: str,
    at: datetime,
) -> IssuedPaper:
    """Give the paper its number and date under this person's signature, and record it.

    The counter stays locked until the transaction ends, so that a rollback leaves no gap: the last thing it does.
    """  # fmt: skip
    year = at.astimezone(CHINA).year
    named = office(center, await replica.center_name(session, center))
    seq = await _next(session, center, year, kind)
    printed = number(named.short, KINDS[kind].mark, year, seq)
    row = IssuedPaper(
        kind=kind, center=center, year=year, seq=seq, number=printed, subject=subject, occasion=occasion,
        title=letter.title, letter=letter.issued(printed, at, actor.name).kept(), template=template, issued_at=at,
        issued_by=actor.id,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row


async def _next(session: AsyncSession, center: str, year: int, kind: Kind) -> int:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(PaperNumber).values(center=center, year=year, kind=kind, n=1)
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


async def template_of(session: AsyncSession, template_id: str, shipped: Traversable) -> bytes:
    """The very template a paper was issued with; the shipped one as it is shipped now."""
    query = select(PaperTemplate).where(PaperTemplate.template_id == template_id)
    kept = await session.scalar(query.options(undefer(PaperTemplate.content)))
    return kept.content if kept else shipped.read_bytes()


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


async def put_in_place(
    session: AsyncSession, actor: Actor, kind: Kind, center: str, content: bytes, at: datetime
) -> PaperTemplate:
    """Let this be the center's template from now on."""
    await withdraw(session, kind, center, at)
    last = await session.scalar(select(func.max(PaperTemplate.version)).where(*_own(kind, center)))
    row = PaperTemplate(
        center=center, kind=kind, version=(last or 0) + 1, content=content,
        digest=hashlib.sha256(content).hexdigest(), uploaded_at=at, uploaded_by=actor.id,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row


async def withdraw(session: AsyncSession, kind: Kind, center: str, at: datetime) -> bool:
    """Back to the county's, or the shipped one; whether there was one to withdraw."""
    if own := await own_template(session, kind, center):
        own.withdrawn_at = at
        await session.flush()
    return own is not None


def _own(kind: Kind, center: str) -> tuple[Any, ...]:
    return PaperTemplate.kind == kind, PaperTemplate.center == center


Shipped = Mapping[Kind, Traversable]
"""The Word templates a service ships."""
