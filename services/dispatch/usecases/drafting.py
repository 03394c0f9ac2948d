"""Which papers an order calls for, and what they say: drawn from what has happened to it, kept nowhere until issued."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.domain import ladder, papers, referrals
from services.dispatch.domain.answers import named
from services.dispatch.domain.papers import Contact, Lateness, Matter
from services.dispatch.domain.referrals import Asked
from services.dispatch.domain.states import Action, State
from services.dispatch.tables import FiredRung, HandNotice, Leg, Order, Step
from services.dispatch.usecases import desk, petitioners
from shared import replica
from shared.events.dispatch import LimitRule, Party, ReplyKind
from shared.events.sla import Rung
from shared.papers import keeping
from shared.papers.kinds import Kind
from shared.papers.letter import Letter, Person, minute
from shared.papers.offices import Office, office
from shared.papers.tables import IssuedPaper
from shared.security.keys import sealer
from shared.security.roles import Role
from shared.security.seal import SealBroken

_UNREADABLE = Person(petitioners.UNREADABLE, "", "", "")
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
    center: str
    """Who signs it: the center that handles the order, or of a transfer the one that handed it over."""
    issued: IssuedPaper | None = None
    leg: int | None = None
    """Whose ladder called for it."""


async def drafts(session: AsyncSession, order: Order) -> list[Draft]:
    """All that this order calls for, oldest first, each with what was issued for it."""
    names = await replica.department_titles(session)
    matter = await _matter(session, order, order.handling_center)
    issued = {(row.kind, row.occasion): row for row in await keeping.issued_about(session, order.complaint_id)}
    answer_by = await _answer_by(session, order)
    levels = {
        fired.level: office(fired.level, await replica.center_name(session, fired.level))
        for leg in order.legs
        for fired in leg.rungs
    }
    found = [
        *(draft for leg in order.legs for draft in _of_the_ladder(order, leg, matter, names, levels, answer_by)),
        *(_by_hand(notice, order, matter, names) for notice in order.hand_notices if notice.rung is Rung.SUPERVISED),
        *_referrals(order, matter, issued),
        *await _transfers(session, order),
        *_reasons(order, matter, names),
        *_extensions(order, matter, names),
    ]
    return [
        replace(each, issued=issued.get((each.kind, each.occasion)))
        for each in sorted(found, key=lambda each: each.since)
    ]


def person(order: Order) -> Person:
    """Who complains, opened."""
    return as_kept(petitioners.kept(order.complaint.petitioner), order.complaint_id)


def as_kept(kept: Mapping[str, Any], complaint_id: str) -> Person:
    """The same as he was kept with a paper."""
    sealed = {name: text for name, text in kept.items() if name != "kind"}
    if sealed["name"] is None:
        return _ERASED
    try:
        fields = {name: text or "" for name, text in sealer().open_fields(sealed, complaint_id).items()}
    except SealBroken:
        return _UNREADABLE
    contact_person = fields["contact_person"] if kept["kind"] == "organisation" else ""
    return Person(fields["name"], contact_person, fields["phone"] or fields["other_contact"], fields["address"])


def hidden(order: Order) -> Person:
    """What stands in the petitioner's place for a department that may not see who it is."""
    return papers.NO_LONGER_SHOWN if order.state is State.CLOSED else papers.CONFIDENTIAL


async def contact(session: AsyncSession, center: str) -> Contact:
    """工作单联系人: the first coordinator of a center."""
    for member in await replica.members(session, Role.COORDINATOR, center):
        return Contact(member.name, member.phone or "")
    return Contact("", "")


async def _matter(session: AsyncSession, order: Order, center: str) -> Matter:
    """What this center's letters about it begin from."""
    return Matter(
        number=order.complaint.number,
        center=center,
        office=await replica.center_name(session, center),
        registered_at=order.complaint.registered_at,
        category=order.complaint.category,
        contact=await contact(session, center),
    )


async def _answer_by(session: AsyncSession, order: Order) -> dict[int, datetime]:
    """By when the ladder's supervision of each leg wants an answer: the instant that sla counts from it (Art. 9)."""
    return {
        leg.number: (await desk.calendar_of(session, leg.calendar)).end_of_next_working_day(fired.at)
        for leg in order.legs
        for fired in leg.rungs
        if fired.rung is Rung.SUPERVISED
    }


def _of_the_ladder(
    order: Order,
    leg: Leg,
    matter: Matter,
    names: dict[str, str],
    levels: dict[str, Office],
    answer_by: dict[int, datetime],
) -> list[Draft]:
    """A supervision; a circular, a report and a copy."""
    rungs = {fired.rung: fired for fired in leg.rungs}
    occasion, found = f"leg-{leg.number}", []
    supervised = rungs.get(Rung.SUPERVISED)
    supervised_at = supervised.at if supervised else None
    if supervised:
        requirement = ladder.demand(f"{minute(answer_by[leg.number])}前")
        told = _lateness(order, leg, supervised, names, supervised_at=supervised_at, requirement=requirement)
        letter = papers.supervision(matter, told)
        found.append(Draft(Kind.SUPERVISION, occasion, supervised.at, letter, matter.center, leg=leg.number))
    if reported := rungs.get(Rung.REPORTED):
        level = levels[reported.level]
        above = {"government": level.government, "inspection": level.inspection}
        told = _lateness(order, leg, reported, names, supervised_at=supervised_at, **above)
        found += [
            Draft(kind, occasion, reported.at, written(matter, told), matter.center, leg=leg.number)
            for kind, written in _REPORTS
        ]
    return found


def _by_hand(notice: HandNotice, order: Order, matter: Matter, names: dict[str, str]) -> Draft:
    leg = next(leg for leg in order.legs if leg.number == notice.leg)
    told = _lateness(order, leg, notice, names, supervised_at=notice.at, requirement=notice.requirement or "")
    return Draft(Kind.SUPERVISION, notice.notice_id, notice.at, papers.supervision(matter, told), matter.center)


def _lateness(order: Order, leg: Leg, given: FiredRung | HandNotice, names: dict[str, str], **besides: Any) -> Lateness:
    return Lateness(
        late=[named(Party(**each), names) for each in given.told],
        assigned_at=order.parties_of(leg)[0].assigned_at,
        due_at=leg.due_at,
        promised=leg.rule is LimitRule.COMMITTED,
        again_at=_again_at(order, leg),
        **besides,
    )


def _again_at(order: Order, leg: Leg) -> datetime | None:
    """When the departments of a leg were last given their stage again; a plan goes on to another stage."""
    legs = [each for each in order.legs if each.dispatch == leg.dispatch and each.number <= leg.number]
    again = [each.starts_at for before, each in pairwise(legs) if each.stage is before.stage]
    return again[-1] if again else None


def _referrals(order: Order, matter: Matter, issued: Mapping[tuple[str, str], IssuedPaper]) -> list[Draft]:
    """To a unit outside; to the one that is asked already, a chase: of its answer, or of a better one."""
    found: list[Draft] = []
    asked: Step | None = None
    answered = False
    for step in order.steps:
        answered = answered or step.action is Action.OUTCOME
        if step.action is Action.RECALL:  # whoever is asked afterwards is asked for the first time
            asked, answered = None, False
        if step.action is not Action.REFER:
            continue
        unit, words, content = step.target or "", step.text or "", order.complaint.content
        chased = asked if asked and asked.target == unit else None
        if chased:
            letter = referrals.chase(matter, unit, _asked(chased, issued, answered=answered), words, content)
        else:
            letter = referrals.referral(matter, unit, words, content)
        found.append(Draft(Kind.REFERRAL, step.step_id, step.at, letter, matter.center))
        if answered or chased is None:
            asked, answered = step, False
    return found


def _asked(step: Step, issued: Mapping[tuple[str, str], IssuedPaper], *, answered: bool) -> Asked:
    paper = issued.get((Kind.REFERRAL, step.step_id))
    return Asked(step.at, paper.number if paper else None, answered)


async def _transfers(session: AsyncSession, order: Order) -> list[Draft]:
    """To the center that takes over, by the one that hands over (Art. 7)."""
    found = []
    for giver, step in zip(order.centers, order.transfers, strict=False):
        matter = await _matter(session, order, giver)
        taker = await replica.center_name(session, step.target or "")
        letter = referrals.transfer(matter, taker, step.text or "")
        found.append(Draft(Kind.REFERRAL, step.step_id, step.at, letter, giver))
    return found


def _reasons(order: Order, matter: Matter, names: dict[str, str]) -> list[Draft]:
    """Of the lead's answers that it cannot be done, those the check has not returned."""
    return [
        Draft(
            Kind.REASONS, reply.reply_id, reply.at,
            papers.reasons(
                matter, named(Party(center=reply.center, department=reply.department), names), reply.text,
                reply.legal_basis or "", reply.remedy or "",
            ),
            matter.center,
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
            matter.center,
        )
        for each in order.extensions
        if each.granted and each.decided_at
    ]
