"""The page of one order: all there is about it, and a form for each thing that may be done to it now."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.api import bodies
from services.dispatch.domain import papers as paper_rules
from services.dispatch.domain import tries
from services.dispatch.domain.answers import code_of
from services.dispatch.domain.states import Action
from services.dispatch.domain.tries import day_part
from services.dispatch.pages.acts import ACTS, ASIDE, Act, aftermath
from services.dispatch.pages.course import Names, course
from services.dispatch.pages.kit import ComplaintId, OrderReader, pages, shown
from services.dispatch.tables import Order
from services.dispatch.usecases import advising, desk, doing, enclosing, papers, reading
from services.dispatch.usecases.drafting import Draft
from shared import clock
from shared.audit.edge import note
from shared.events.dispatch import Satisfaction
from shared.papers.kinds import KINDS, Kind
from shared.security import roles
from shared.security.roles import Actor, Role
from shared.settings import settings
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(include_in_schema=False)

REVEAL = "reveal"
"""What is opened to see the petitioner in the clear."""
ENCLOSE = "enclose"
"""What is opened to add files."""
Chosen = Annotated[str, Query(max_length=100)]


@router.get("/orders/{complaint_id}")
async def show_order(
    complaint_id: ComplaintId, request: Request, actor: OrderReader, session: Reader, do: Chosen = "", lead: Chosen = ""
) -> HTMLResponse:
    """An order; `do` opens the form of something else than what is next, `lead` puts a department into it."""
    return await page(request, session, actor, complaint_id, do=do, lead=lead)


def _take(act: Act) -> None:
    """The door to which the form of this is sent."""

    @router.post(f"/orders/{{complaint_id}}/{act.action.value}", name=f"do {act.action.value}")
    async def do(
        complaint_id: ComplaintId,
        request: Request,
        actor: Annotated[Actor, permit(act.permission)],
        form: Posted,
        session: Session,
    ) -> Response:
        async def again(session: AsyncSession, form: Form) -> HTMLResponse:
            return await page(request, session, actor, complaint_id, do=act.action.value, form=form)

        form.again = again
        came = await act.do(complaint_id, form.read(act.body) if act.body else None, session, actor)
        return done(f"/dispatch/orders/{complaint_id}", act.done + aftermath(came))


for each in ACTS.values():
    _take(each)


@router.post("/orders/{complaint_id}/reveal")
async def reveal(
    complaint_id: ComplaintId,
    request: Request,
    actor: Annotated[Actor, permit(roles.Action.REVEAL)],
    form: Posted,
    session: Session,
) -> Response:
    """The same page with the petitioner in the clear, for a reason that the audit log keeps."""

    async def again(session: AsyncSession, form: Form) -> HTMLResponse:
        return await page(request, session, actor, complaint_id, do=REVEAL, form=form)

    form.again = again
    note(request, reason=form.read(bodies.Reveal).reason)
    person = await reading.revealed(session, actor, complaint_id)
    return await page(request, session, actor, complaint_id, person=person)


@router.post("/orders/{complaint_id}/papers/{kind}")
async def issue(
    complaint_id: ComplaintId,
    kind: Kind,
    request: Request,
    actor: Annotated[Actor, permit(roles.Action.ISSUE)],
    form: Posted,
    session: Session,
) -> Response:
    """Sign a paper that the order calls for."""

    async def again(session: AsyncSession, form: Form) -> HTMLResponse:
        return await page(request, session, actor, complaint_id, form=form)

    form.again = again
    issued = await papers.issue(session, actor, complaint_id, kind, form.text("occasion") or None)
    return done(f"/dispatch/orders/{complaint_id}", f"{KINDS[kind].name}已签发：{issued.number}。")


async def page(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    complaint_id: str,
    *,
    do: str = "",
    lead: str = "",
    form: Form = EMPTY,
    person: Mapping[str, str | None] | None = None,
) -> HTMLResponse:
    """The order's page, with the form of `do` open; a form that was refused stands there as it was typed."""
    order = await reading.opened(session, actor, complaint_id)
    return await page_of(request, session, actor, order, do=do, lead=lead, form=form, person=person)


async def page_of(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    order: Order,
    *,
    do: str = "",
    lead: str = "",
    form: Form = EMPTY,
    person: Mapping[str, str | None] | None = None,
) -> HTMLResponse:
    """The same of an order that this actor may read."""
    around = await shown(session, order.handling_center)
    file = await reading.told_to(session, actor, order)
    acts = [ACTS[action] for action in await doing.doable(session, actor, order)]
    acts.sort(key=list(ACTS.values()).index)
    forms = [act for act in acts if act.body]
    asked = [act for act in forms if act.action.value == do] or [act for act in forms if act.action not in ASIDE]
    opened = asked[0] if asked else None
    above, may_reveal = EMPTY, person is None and actor.may(roles.Action.REVEAL) and file["petitioner"]
    may_enclose = any(act.action is Action.REPLY for act in acts)
    if (do == REVEAL and may_reveal) or do == ENCLOSE:
        opened = None
    elif form.message:
        # What was typed stays, even where the order has gone on meanwhile; of a mere button the refusal stands above.
        sent = ACTS[Action(do)] if do else None
        opened, form, above = (sent, form, EMPTY) if sent and sent.body else (opened, EMPTY, form)
    names = Names(around["department_named"], around["center_named"], around["person_named"])
    waiting = doing.declines_waiting(order)
    retired = [] if waiting else await desk.retired(session, order)
    is_printer = actor.may(roles.Action.PRINT)
    return await pages.show(
        request,
        "order.html",
        tab=_tab(actor),
        form=form,
        above=above,
        order=order,
        file=file,
        petitioner=person or file["petitioner"],
        may_reveal=may_reveal,
        is_revealing=do == REVEAL and may_reveal,
        enclosures=await enclosing.of(session, actor, order) if actor.may(roles.Action.READ_ENCLOSURE) else [],
        may_enclose=may_enclose,
        enclosing=form if do == ENCLOSE else EMPTY,
        lines=course(file, names),
        has_clocks=file["legs"] and (actor.role not in reading.ABOVE or reading.was_late_at(order, actor.center)),
        acts=acts,
        opened=opened,
        lead=lead,
        choices=await advising.choices(session, order) if opened else None,
        tried=_tried(order),
        decided=_decided(),
        drafts=await papers.drafts_of(session, actor, order) if actor.may(roles.Action.READ_PAPERS) else [],
        unit=next((each.target for each in reversed(order.steps) if each.action is Action.REFER), ""),
        is_printer=is_printer,
        may_sign=lambda draft: _may_sign(actor, draft),
        kinds=KINDS,
        declines=waiting,
        retired=retired,
        decliners=[(code_of(each), around["department"](each)) for each in [w.party for w in waiting] or retired],
        owing=[(code_of(party), around["department"](party)) for party in order.owing()],
        extension=doing.extension_waiting(order),
        withdrawal=doing.withdrawal_waiting(order),
        me=actor.id,
        now=clock.now(),
        **around,
    )


def _decided() -> dict[str, int]:
    """The numbers of which the forms speak, as they are set here."""
    given = settings()
    return {
        "dispatches": given.dispatches_before_head,
        "decline": given.decline_working_days,
        "extension": given.extension_working_days,
        "consent": given.consent_beyond_working_days,
        "reopening": given.reopening_working_days,
    }


def _tab(actor: Actor) -> str:
    """The desk from which this actor comes to orders."""
    if actor.role is Role.OFFICER:
        return "mine"
    if actor.role in reading.ABOVE:
        return "supervised"
    return "desk" if actor.may(roles.Action.DISPATCH) else "ledger"


def _tried(order: Order) -> str:
    """How often the petitioner was called in vain in this round, and what is still needed to end it for that."""
    made = [
        each.at
        for each in order.follow_ups
        if each.round == order.round and each.satisfaction is Satisfaction.UNREACHABLE
    ]
    if not made:
        return ""
    days, parts = len({at.date() for at in made}), len({day_part(at) for at in made})
    return (
        f"本轮已回访{len(made)}次未联系上（{days}天、{parts}个时段）；"
        f"至少在{tries.LEAST_DAYS}天的不同时段回访{tries.LEAST_TRIES}次，才能按无法联系办结。"
    )


def _may_sign(actor: Actor, draft: Draft) -> bool:
    is_allowed = draft.kind not in paper_rules.HEADS_ONLY or actor.role is Role.HEAD
    return actor.may(roles.Action.ISSUE) and actor.reaches(draft.center) and is_allowed
