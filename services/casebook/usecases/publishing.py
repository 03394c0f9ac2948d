"""From the editor's desk to the public, and out of it: submitted, approved, returned, signed, published, withdrawn."""

import uuid
from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.domain.cases import State, Step, must_sign_once
from services.casebook.domain.text import Text
from services.casebook.store import cases as store
from services.casebook.store import search
from services.casebook.tables import Case, Cosignature, kept
from services.casebook.usecases import desk, searching, writing
from shared import clock
from shared.events.casebook import (
    CaseApproved,
    CasePublished,
    CaseReplaced,
    CaseReturned,
    CaseSubmitted,
    CaseWithdrawn,
)
from shared.messaging import announce
from shared.security.roles import Actor, Role


async def submit(session: AsyncSession, actor: Actor, case_id: str, remark: str | None) -> Case:
    """Hand a whole and confirmed case to the bureau."""
    case, state = await writing.submit(session, actor, case_id, remark)
    desk.record(session, case, state, Step.SUBMIT, actor, remark)
    office = await desk.office_of(session, case.center, Role.CASE_APPROVER)
    announce(session, CaseSubmitted(**_told(case, actor), office=office))
    return case


async def approve(session: AsyncSession, actor: Actor, case_id: str, remark: str | None) -> Case:
    """Approve it: the departments named may sign, and once they have it can be published."""
    case, state = await desk.take(session, actor, case_id, Step.APPROVE, remark)
    case.approver = actor.id
    desk.record(session, case, state, Step.APPROVE, actor, remark)
    announce(session, CaseApproved(**_told(case, actor), cosigners=case.departments))
    return case


async def give_back(session: AsyncSession, actor: Actor, case_id: str, remark: str | None) -> Case:
    """Return it to its editor, with the reason; what departments have signed they will sign anew."""
    case, state = await desk.take(session, actor, case_id, Step.RETURN, remark)
    case.approver = None
    await store.forget_cosignatures(session, case.id)
    desk.record(session, case, state, Step.RETURN, actor, remark)
    office = await desk.office_of(session, case.center, Role.CASE_EDITOR)
    announce(session, CaseReturned(**_told(case, actor), reason=remark or "", office=office))
    return case


async def cosign(session: AsyncSession, actor: Actor, case_id: str) -> Case:
    """Sign, for a department that was named, to publish it together with the bureau (mechanism §8)."""
    case, state = await desk.take(session, actor, case_id, Step.COSIGN)
    department = f"{actor.center}/{actor.department}"
    signed = {row.department for row in await store.cosignatures(session, case.id)}
    must_sign_once(department, case.departments, signed)
    session.add(Cosignature(case_id=case.id, department=department, by=actor.id, at=clock.now()))
    desk.record(session, case, state, Step.COSIGN, actor)
    return case


async def publish(session: AsyncSession, actor: Actor, case_id: str, remark: str | None) -> Case:
    """Make it public; one that was revised gives way to it."""
    case, state = await desk.take(session, actor, case_id, Step.PUBLISH, remark)
    old = await store.case(session, case.replaces, to_change=True) if case.replaces else None
    await _make_public(session, [case], actor)
    desk.record(session, case, state, Step.PUBLISH, actor, remark)
    if old and old.state == State.PUBLISHED:
        old.replaced_by = case.id
        await search.forget_terms(session, old)
        desk.record(session, old, State.REPLACED, Step.REPLACE, actor)
        announce(session, CaseReplaced(**_told(old, actor), complaint_id=old.complaint_id, newer=case.id))
    return case


async def withdraw(session: AsyncSession, actor: Actor, case_id: str, remark: str | None) -> Case:
    """Take it from the public, with the reason."""
    case, state = await desk.take(session, actor, case_id, Step.WITHDRAW, remark)
    await search.hold(session)
    await search.forget_terms(session, case)
    desk.record(session, case, state, Step.WITHDRAW, actor, remark)
    announce(session, CaseWithdrawn(**_told(case, actor), complaint_id=case.complaint_id, reason=remark or ""))
    return case


async def import_published(session: AsyncSession, actor: Actor, texts: Iterable[Text]) -> int:
    """Take over cases that are public already; returns how many are new. The same again is the same case."""
    given = {str(uuid.uuid5(uuid.NAMESPACE_URL, f"{text.title}\n{text.problem}")): text for text in texts}
    for case_id in await store.cases_of(session, given.keys()):
        del given[case_id]
    new = []
    for case_id, text in given.items():
        said, struck = await desk.anonymous(session, text)
        case = Case(
            id=case_id,
            center=actor.center or "",
            mechanism="导入",
            author="",
            approver=actor.id,
            state=State.APPROVED,
            departments=[],
            revision=1,
            citations=0,
            length=0,
            indexed=0,
        )
        case.say(said, [kept(each) for each in struck])
        new.append(case)
    session.add_all(new)
    await _make_public(session, new, actor)
    for case in new:
        desk.record(session, case, State.PUBLISHED, Step.PUBLISH, actor)
    return len(new)


async def _make_public(session: AsyncSession, cases: Iterable[Case], actor: Actor) -> None:
    now = clock.now()
    cases = list(cases)
    for case in cases:
        case.published_at = case.changed_at = now
    await search.hold(session)
    await searching.index(session, cases)
    for case in cases:
        announce(session, CasePublished(**_told(case, actor), complaint_id=case.complaint_id))


def _told(case: Case, actor: Actor) -> dict[str, object]:
    return {"at": clock.now(), "center": case.center, "subject": case.id, "title": case.title, "by": actor.id}
