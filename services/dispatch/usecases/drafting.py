"""Which papers an order calls for, and what they say: drawn from what has happened to it, kept nowhere until issued."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.domain import ladder, papers
from services.dispatch.domain.answers import named
from services.dispatch.domain.papers import Contact, Lateness, Matter
from services.dispatch.domain.states import Action, State
from services.dispatch.tables import FiredRung, HandNotice, Leg, Order
from shared import replica
from shared.events.dispatch import Party, ReplyKind
from shared.events.sla import Rung
from shared.papers import keeping
from shared.papers.kinds import Kind
from shared.papers.letter import Letter, Person
from shared.papers.offices import Office, office
from shared.papers.tables import IssuedPaper
from shared.security.keys import sealer
from shared.security.roles import Role
from shared.security.seal import SealBroken

_UNREADABLE = Person("（无法读取）", "", "", "")
_ERASED = Person("（已删除）", "", "", "")
_REPORTS = ((Kind.CIRCULAR, papers.circular), (Kind.REPORT, papers.report), (Kind.COPY, papers.copy))


@dataclass(frozen=True)
class Draft:
    """A paper that is called for, and what became of it."""

    kind: Kind
    occasion: str
    """A leg, a notice given by hand, a step or a reply: the same has one paper of a kind."""
    since: datetime
    letter: Letter
    issued: IssuedPaper | None = None
    leg: int | None = None
    """Whose ladder called for it."""


async def drafts(session: AsyncSession, order: Order) -> list[Draft]:
    """All that this order calls for, oldest first, each with what was issued for it."""
    names = await replica.department_titles(session)
    matter = await _matter(session, order)
    levels = {
        fired.level: office(fired.level, await replica.center_name(session, fired.level))
        for leg in order.legs
        for fired in leg.rungs
    }
    found = [
        *(draft for leg in order.legs for draft in _of_the_ladder(leg, matter, names, levels)),
        *(_by_hand(notice, order, matter, names) for notice in order.hand_notices if notice.rung is Rung.SUPERVISED),
        *_referrals(order, matter),
        *_reasons(order, matter, names),
        *_extensions(order, matter, names),
    ]
    issued = {(row.kind, row.occasion): row for row in await keeping.issued_about(session, order.complaint_id)}
    return [
        replace(each, issued=issued.get((each.kind, each.occasion)))
        for each in sorted(found, key=lambda each: each.since)
    ]


def person(order: Order) -> Person:
    """Who complains, opened."""
    row = order.complaint.petitioner
    names = ("name", "contact_person", "phone", "other_contact", "address")
    sealed = {name: getattr(row, name) for name in names}
    if sealed["name"] is None:
        return _ERASED
    try:
        fields = {name: text or "" for name, text in sealer().open_fields(sealed, row.complaint_id).items()}
    except SealBroken:
        return _UNREADABLE
    contact_person = fields["contact_person"] if row.kind == "organisation" else ""
    return Person(fields["name"], contact_person, fields["phone"] or fields["other_contact"], fields["address"])


def hidden(order: Order) -> Person:
    """What stands in the petitioner's place for a department that may not see who it is."""
    return papers.NO_LONGER_SHOWN if order.state is State.CLOSED else papers.CONFIDENTIAL


async def contact(session: AsyncSession, order: Order) -> Contact:
    """工作单联系人: the first coordinator of the center that handles it."""
    for member in await replica.members(session, Role.COORDINATOR, order.handling_center):
        return Contact(member.name, member.phone or "")
    return Contact("", "")


async def _matter(session: AsyncSession, order: Order) -> Matter:
    return Matter(
        number=order.complaint.number,
        office=await replica.center_name(session, order.handling_center),
        registered_at=order.complaint.registered_at,
        category=order.complaint.category,
        contact=await contact(session, order),
    )


def _of_the_ladder(leg: Leg, matter: Matter, names: dict[str, str], levels: dict[str, Office]) -> list[Draft]:
    """A supervision; a circular, a report and a copy."""
    rungs = {fired.rung: fired for fired in leg.rungs}
    occasion, found = f"leg-{leg.number}", []
    if supervised := rungs.get(Rung.SUPERVISED):
        requirement = ladder.REQUIREMENTS[Rung.SUPERVISED]
        told = Lateness(_late(supervised, names), leg.starts_at, leg.due_at, requirement=requirement)
        letter = papers.supervision(matter, told)
        found.append(Draft(Kind.SUPERVISION, occasion, supervised.at, letter, leg=leg.number))
    if reported := rungs.get(Rung.REPORTED):
        level = levels[reported.level]
        told = Lateness(
            _late(reported, names), leg.starts_at, leg.due_at, supervised.at if supervised else None,
            government=level.government, inspection=level.inspection,
        )  # fmt: skip
        found += [
            Draft(kind, occasion, reported.at, written(matter, told), leg=leg.number) for kind, written in _REPORTS
        ]
    return found


def _by_hand(notice: HandNotice, order: Order, matter: Matter, names: dict[str, str]) -> Draft:
    leg = next(leg for leg in order.legs if leg.number == notice.leg)
    told = Lateness(_late(notice, names), leg.starts_at, leg.due_at, requirement=notice.requirement or "")
    return Draft(Kind.SUPERVISION, notice.notice_id, notice.at, papers.supervision(matter, told))


def _late(told: FiredRung | HandNotice, names: dict[str, str]) -> Sequence[str]:
    return [named(Party(**each), names) for each in told.told]


def _referrals(order: Order, matter: Matter) -> list[Draft]:
    content = order.complaint.content
    return [
        Draft(
            Kind.REFERRAL, step.step_id, step.at, papers.referral(matter, step.target or "", step.text or "", content)
        )
        for step in order.steps
        if step.action is Action.REFER
    ]


def _reasons(order: Order, matter: Matter, names: dict[str, str]) -> list[Draft]:
    """Of the lead's answers that it cannot be done, those the check has not returned."""
    return [
        Draft(
            Kind.REASONS, reply.reply_id, reply.at,
            papers.reasons(
                matter, named(Party(center=reply.center, department=reply.department), names), reply.text,
                reply.legal_basis or "", reply.remedy or "",
            ),
        )
        for leg in order.legs
        for reply in leg.replies
        if reply.kind is ReplyKind.REASONS and reply.is_lead and not reply.returned_at
    ]  # fmt: skip


def _extensions(order: Order, matter: Matter, names: dict[str, str]) -> list[Draft]:
    lead = named(order.parties[0].party, names) if order.parties else ""
    return [
        Draft(
            Kind.EXTENSION,
            each.extension_id,
            each.decided_at,
            papers.extension(matter, lead, each.was, each.committed_on, each.reason),
        )
        for each in order.extensions
        if each.granted and each.decided_at
    ]
