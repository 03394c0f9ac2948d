"""The doors: what may be asked of an order, and by whom."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from services.dispatch import store
from services.dispatch.api import bodies
from services.dispatch.api.bodies import Standing
from services.dispatch.domain.states import State
from services.dispatch.tables import Order
from services.dispatch.usecases import (
    answering,
    closing,
    committing,
    declining,
    ending,
    escalating,
    reading,
    review,
    together,
)
from services.dispatch.usecases.answering import Answered
from shared.audit.edge import note
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader, Session
from shared.web.together import Deeds

router = APIRouter(prefix="/api/orders")
_orders: Deeds[Order | Answered, Standing] = Deeds(store.hold_answered, Standing.of, store.ids_answered_with)

_ID = r"^[A-Za-z0-9-]{1,36}$"
ComplaintId = Annotated[str, Path(pattern=_ID)]
Dispatcher = Annotated[Actor, permit(Action.DISPATCH)]
Replier = Annotated[Actor, permit(Action.REPLY)]
Revealer = Annotated[Actor, permit(Action.REVEAL)]
Checker = Annotated[Actor, permit(Action.CHECK)]
Decliner = Annotated[Actor, permit(Action.DECLINE)]
Extender = Annotated[Actor, permit(Action.EXTEND)]
Concluder = Annotated[Actor, permit(Action.CONCLUDE)]
OrderReader = Annotated[Actor, permit(Action.READ_ORDER)]


@router.get("")
async def list_orders(
    session: Reader,
    actor: OrderReader,
    state: State | None = None,
    center: Annotated[str | None, Query(pattern=r"^[a-z0-9-]{1,80}$")] = None,
    department: Annotated[str | None, Query(pattern=r"^[a-z0-9/-]{1,80}$")] = None,
    after: Annotated[str, Query(pattern=r"^[A-Za-z0-9-]{0,36}$")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """A page of orders, oldest first; ask again with `after` = `next`. `department` reads `<center>/<code>`."""
    return await reading.order_list(
        session, actor, state=state, center=center, department=department, after=after, limit=limit
    )


@router.get("/{complaint_id}")
async def read_order(complaint_id: ComplaintId, session: Reader, actor: OrderReader) -> dict[str, Any]:
    """Everything about an order; 404 until its complaint has been triaged."""
    return await reading.order_file(session, actor, complaint_id)


@router.post("/{complaint_id}/dispatch")
async def dispatch(complaint_id: ComplaintId, given: bodies.Dispatch, request: Request, actor: Dispatcher) -> Standing:
    """Name the departments and fix the limit (Art. 7)."""
    named = review.Dispatch(**given.model_dump())
    return await _orders.act(
        request, complaint_id, lambda session: review.dispatch(session, actor, complaint_id, named)
    )


@router.post("/{complaint_id}/transfer")
async def transfer(complaint_id: ComplaintId, given: bodies.Transfer, session: Session, actor: Dispatcher) -> Standing:
    """Hand over to another center's coordinator (Art. 7)."""
    return Standing.of(await review.transfer(session, actor, complaint_id, given.to_center, given.reason))


@router.post("/{complaint_id}/refer")
async def refer(complaint_id: ComplaintId, given: bodies.Refer, session: Session, actor: Dispatcher) -> Standing:
    """Refer to a unit outside, and keep tracking (Art. 6)."""
    found = await review.refer(session, actor, complaint_id, given.unit, given.reason, chase=given.chase)
    return Standing.of(found)


@router.post("/{complaint_id}/outcome")
async def outcome(complaint_id: ComplaintId, given: bodies.Outcome, session: Session, actor: Dispatcher) -> Standing:
    """Record what the unit answered."""
    return Standing.of(await review.record_outcome(session, actor, complaint_id, given.text))


@router.post("/{complaint_id}/recall")
async def recall(complaint_id: ComplaintId, given: bodies.Recall, session: Session, actor: Dispatcher) -> Standing:
    """Take back what was referred, to be sorted and dispatched anew (Art. 6)."""
    return Standing.of(await review.recall(session, actor, complaint_id, given.reason))


@router.post("/{complaint_id}/direct")
async def direct(complaint_id: ComplaintId, given: bodies.Direct, session: Session, actor: Dispatcher) -> Standing:
    """Tell the petitioner the lawful channel, and why (Art. 6)."""
    return Standing.of(await review.direct(session, actor, complaint_id, given.channel, given.reason))


@router.post("/{complaint_id}/reveal")
async def reveal(
    complaint_id: ComplaintId, given: bodies.Reveal, request: Request, session: Session, actor: Revealer
) -> dict[str, str | None]:
    """Who complains, in the clear, for a reason that the audit log keeps."""
    note(request, reason=given.reason)
    return await reading.revealed(session, actor, complaint_id)


@router.post("/{complaint_id}/sign")
async def sign(complaint_id: ComplaintId, session: Session, actor: Replier) -> Standing:
    """Sign for the department's part."""
    return Standing.of(await answering.sign(session, actor, complaint_id))


@router.post("/{complaint_id}/reply")
async def reply(complaint_id: ComplaintId, given: bodies.Reply, request: Request, actor: Replier) -> Standing:
    """Answer for the department: reasons, a plan, or the result (Art. 8); and with it what is joined to the order."""
    answer = answering.Answer(**given.model_dump())
    return await _orders.act(
        request, complaint_id, lambda session: answering.reply(session, actor, complaint_id, answer)
    )


@router.post("/{complaint_id}/decline")
async def decline(complaint_id: ComplaintId, given: bodies.Decline, session: Session, actor: Decliner) -> Standing:
    """Decline for the department (退单); or, as the coordinator, agree to that or not (Art. 7)."""
    if given.uphold is None:
        reason = bodies.needed("reason", given.reason, "退单应当写明理由，请填写。")
        ground = declining.Ground(reason, given.right_department)
        return Standing.of(await declining.decline(session, actor, complaint_id, ground))
    reasons = bodies.needed("reasons", given.reasons, "审核退单应当写明理由，请填写。")
    word = declining.Word(given.uphold, reasons, given.department)
    return Standing.of(await declining.decide(session, actor, complaint_id, word))


@router.post("/{complaint_id}/extend")
async def extend(complaint_id: ComplaintId, given: bodies.Extend, session: Session, actor: Extender) -> Standing:
    """Ask, as the lead, for a later committed date; or, as the coordinator, grant that or not (Art. 8)."""
    if given.approve is None:
        reason = bodies.needed("reason", given.reason, "申请延期应当写明理由，请填写。")
        day = bodies.needed("committed_on", given.committed_on, "申请延期应当写明新的办结日期，请填写。")
        return Standing.of(await committing.extend(session, actor, complaint_id, reason=reason, committed_on=day))
    return Standing.of(await committing.decide(session, actor, complaint_id, _word(given.approve, given.reasons)))


@router.post("/{complaint_id}/consent")
async def consent(complaint_id: ComplaintId, given: bodies.Consent, session: Session, actor: Dispatcher) -> Standing:
    """Consent to a far committed date, or not (Art. 8)."""
    return Standing.of(await committing.consent(session, actor, complaint_id, _word(given.approve, given.reasons)))


def _word(approve: bool, reasons: str | None) -> committing.Word:
    """A decision; a no says why."""
    if not approve:
        bodies.needed("reasons", reasons, "不同意的应当写明理由，请填写。")
    return committing.Word(approve, reasons)


@router.post("/{complaint_id}/overrule")
async def overrule(complaint_id: ComplaintId, given: bodies.Overrule, session: Session, actor: Dispatcher) -> Standing:
    """Let the lead report the result without co-handlers who have not answered (Art. 7)."""
    return Standing.of(await together.overrule(session, actor, complaint_id, given.reason, given.departments))


@router.post("/{complaint_id}/study")
async def study(complaint_id: ComplaintId, given: bodies.Study, session: Session, actor: Dispatcher) -> Standing:
    """Keep the minutes of a joint study (会商); it stops no clock."""
    return Standing.of(await together.study(session, actor, complaint_id, together.Minutes(**given.model_dump())))


@router.post("/{complaint_id}/join")
async def join(complaint_id: ComplaintId, given: bodies.Join, session: Session, actor: Dispatcher) -> Standing:
    """Have it handled together with another one about the same matter (多人同诉)."""
    return Standing.of(await together.join(session, actor, complaint_id, to=given.to, reason=given.reason))


@router.post("/{complaint_id}/check")
async def check(complaint_id: ComplaintId, given: bodies.Check, request: Request, actor: Checker) -> Standing:
    """Pass the answer, or return it with reasons (Art. 10)."""
    said = given.model_dump()
    return await _orders.act(request, complaint_id, lambda session: closing.check(session, actor, complaint_id, **said))


@router.post("/{complaint_id}/follow-up")
async def follow_up(complaint_id: ComplaintId, given: bodies.FollowUp, request: Request, actor: Checker) -> Standing:
    """Record what the petitioner said, and what follows from it (Art. 10)."""
    heard = closing.Heard(**given.model_dump())
    return await _orders.act(
        request, complaint_id, lambda session: closing.follow_up(session, actor, complaint_id, heard)
    )


@router.post("/{complaint_id}/conclude")
async def conclude(complaint_id: ComplaintId, given: bodies.Conclude, session: Session, actor: Concluder) -> Standing:
    """Propose to conclude without satisfaction, or, as a second person, decide on it (Art. 10)."""
    if given.approve is not None:
        decided = await closing.decide(session, actor, complaint_id, approve=given.approve, reasons=given.reasons)
        return Standing.of(decided)
    reasons, legal_basis = given.proposal()
    return Standing.of(await closing.propose(session, actor, complaint_id, reasons=reasons, legal_basis=legal_basis))


@router.post("/{complaint_id}/withdraw")
async def withdraw(complaint_id: ComplaintId, given: bodies.Withdraw, session: Session, actor: Concluder) -> Standing:
    """Log that the petitioner withdraws, or, as a second person who has phoned, confirm that or not (Art. 10)."""
    if given.confirm is not None:
        return Standing.of(await ending.confirm(session, actor, complaint_id, given.confirm, given.words))
    return Standing.of(await ending.withdraw(session, actor, complaint_id, given.words, given.method))


@router.post("/{complaint_id}/reopen")
async def reopen(complaint_id: ComplaintId, given: bodies.Reopen, session: Session, actor: Checker) -> Standing:
    """Have it reopened for the petitioner, once, and soon enough after its end (Art. 10)."""
    return Standing.of(await ending.reopen(session, actor, complaint_id, given.words))


@router.post("/{complaint_id}/urge")
async def urge(complaint_id: ComplaintId, session: Session, actor: Dispatcher) -> Standing:
    """Urge whoever has not answered, by hand (Art. 9)."""
    return Standing.of(await escalating.urge(session, actor, complaint_id))


@router.post("/{complaint_id}/supervise")
async def supervise(
    complaint_id: ComplaintId, given: bodies.Supervise, session: Session, actor: Dispatcher
) -> Standing:
    """Supervise by hand, once overdue, saying what must be done (Art. 9)."""
    return Standing.of(await escalating.supervise(session, actor, complaint_id, given.requirement))
