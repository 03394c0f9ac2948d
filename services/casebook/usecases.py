"""What a person can do in casebook; one transaction each."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook import domain, store
from services.casebook.domain import State, Step, Text
from services.casebook.tables import Case, CaseReview
from shared import clock
from shared.events.casebook import CasePublished
from shared.ids import new_id
from shared.messaging import announce
from shared.refusals import NotFound, NotPossible
from shared.security.roles import Action, Actor, must_reach

ASKED_LENGTH = 500
"""How much of a text is looked at when similar cases are sought, in characters."""


def new_case(
    case_id: str, center: str, text: Text, author: str, at: datetime, complaint_id: str | None, mechanism: str | None
) -> Case:
    """A draft, without personal data."""
    case = Case(
        id=case_id,
        center=center,
        complaint_id=complaint_id,
        mechanism=mechanism,
        state=State.DRAFT,
        author=author,
        revision=1,
        length=0,
        changed_at=at,
    )
    _say(case, text)
    return case


async def write(
    session: AsyncSession, actor: Actor, text: Text, complaint_id: str | None = None, mechanism: str | None = None
) -> Case:
    """Begin a case, from a complaint or from another response mechanism (task 5)."""
    case_id = complaint_id or new_id()
    if await store.case(session, case_id):
        raise NotPossible("drafted-already", "这件诉求已经有一个案例，请在原案例上修改。")
    case = new_case(case_id, actor.center or "", text, actor.id, clock.now(), complaint_id, mechanism)
    session.add(case)
    return case


async def edit(session: AsyncSession, actor: Actor, case_id: str, text: Text, revision: int | None) -> Case:
    """Say it otherwise; `revision`, when given, is the one the editor had before him."""
    case = await _to_change(session, case_id)
    must_reach(actor, case.center)
    state = domain.after(State(case.state), Step.EDIT, text, case.author, actor.id, None)
    if revision not in (None, case.revision):
        raise NotPossible("changed-meanwhile", "案例已被他人修改，请刷新后在最新内容上修改。")
    _say(case, text)
    _step(session, case, state, Step.EDIT, actor)
    return case


async def take_step(session: AsyncSession, actor: Actor, case_id: str, step: Step, remark: str | None) -> Case:
    """Submit, approve, return, publish or withdraw a case; the bureau's approver reaches every center's."""
    case = await _to_change(session, case_id)
    if step is Step.SUBMIT:
        must_reach(actor, case.center)
    state = domain.after(State(case.state), step, case.text, case.author, actor.id, remark)
    if step is Step.APPROVE:
        case.approver = actor.id
    if step is Step.PUBLISH:
        await _publish(session, case, actor)
    if step is Step.WITHDRAW:
        case.length = 0
        await store.keep_terms(session, case.id, {})
    _step(session, case, state, step, actor, remark)
    return case


async def import_published(session: AsyncSession, actor: Actor, texts: Iterable[Text]) -> int:
    """Take over cases that are public already; returns how many are new. The same again is the same case."""
    new = 0
    for text in texts:
        case_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{text.title}\n{text.problem}"))
        if await store.case(session, case_id):
            continue
        case = new_case(case_id, actor.center or "", text, "", clock.now(), None, "导入")
        case.approver = actor.id
        session.add(case)
        await session.flush()  # its terms refer to it
        await _publish(session, case, actor)
        _step(session, case, State.PUBLISHED, Step.PUBLISH, actor)
        new += 1
    return new


async def read(session: AsyncSession, actor: Actor, case_id: str) -> tuple[Case, Sequence[CaseReview]]:
    """A case and its way; one that is not public only to its center's editors, and to the approver once submitted."""
    case = await store.case(session, case_id)
    if case is None or not _may_see(actor, case):
        raise NotFound("no-such-case", "没有这个案例，或它还没有发布。")
    return case, await store.reviews(session, case_id)


async def browse(session: AsyncSession, actor: Actor, state: State | None, limit: int) -> Sequence[Case]:
    """The newest cases this actor may see."""
    own = actor.center if actor.may(Action.WRITE_CASE) else None
    return await store.cases(session, state, own, submitted=actor.may(Action.APPROVE_CASE), limit=limit)


async def similar(session: AsyncSession, text: str, limit: int) -> list[tuple[Case, float]]:
    """The public cases most like a text, with their scores (mechanism §8)."""
    asked = domain.terms(text[:ASKED_LENGTH])
    cases, average = await store.size(session)
    worths = domain.worth(await store.frequencies(session, asked.keys()), cases)
    found = domain.rank(worths, await store.postings(session, worths.keys()), average)[:limit]
    by_id = await store.cases_of(session, [case_id for case_id, _ in found])
    return [(by_id[case_id], score) for case_id, score in found]


async def _to_change(session: AsyncSession, case_id: str) -> Case:
    case = await store.case(session, case_id, to_change=True)
    if case is None:
        raise NotFound("no-such-case", "没有这个案例。")
    return case


def _may_see(actor: Actor, case: Case) -> bool:
    if case.state == State.PUBLISHED or (actor.may(Action.WRITE_CASE) and actor.reaches(case.center)):
        return True
    return actor.may(Action.APPROVE_CASE) and case.state != State.DRAFT


def _say(case: Case, text: Text) -> None:
    said = text.anonymous()
    case.title, case.problem, case.method = said.title, said.problem, said.method
    case.steps, case.conclusion, case.basis = said.steps, said.conclusion, said.basis


def _step(session: AsyncSession, case: Case, state: State, step: Step, actor: Actor, remark: str | None = None) -> None:
    now = clock.now()
    case.state, case.changed_at = state, now
    case.revision += 1
    session.add(CaseReview(id=new_id(), case_id=case.id, step=step, by=actor.id, at=now, remark=remark))


async def _publish(session: AsyncSession, case: Case, actor: Actor) -> None:
    now = clock.now()
    counts = domain.terms("\n".join(case.text.parts()))
    case.published_at, case.length = now, counts.total()
    await store.keep_terms(session, case.id, counts)
    announce(
        session,
        CasePublished(
            at=now,
            center=case.center,
            subject=case.id,
            title=case.title,
            complaint_id=case.complaint_id,
            by=actor.id,
        ),
    )
