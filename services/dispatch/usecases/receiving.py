"""Receiving what departments' own systems answer over the bus: taken as at the console, or told what is wrong."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.usecases import answering
from shared import clock
from shared.events.dispatch import Party, ReplyRejected
from shared.events.intake import Fault
from shared.events.partners import Reply, unwrapped
from shared.messaging import Unknown, announce
from shared.messaging.doors import Arrival, alone
from shared.refusals import FieldFault, Forbidden, Invalid, NotFound, Refusal
from shared.replica import department_is_active
from shared.security.roles import Actor, Role
from shared.web.messages import faults_of

MOST_BYTES = 64 * 1024
_ORDER = re.compile(r"[A-Za-z0-9-]{1,80}")


async def receive(session: AsyncSession, arrivals: Sequence[Arrival]) -> None:
    """Take these replies in one transaction; one that is refused changes nothing, and its department hears why.

    Of several, the orders are loaded together; where one is refused when something may have been changed already, that
    is raised, and each of them comes again by itself.
    """
    read = [await _readable(session, arrival) for arrival in arrivals]
    replies = [each for each in read if each]
    ids = await store.complaint_ids_of(session, {each.order for each in replies if each.order})
    await store.hold_answered(session, set(ids.values()))
    for each in replies:
        complaint_id = ids.get(each.order or "")
        if len(arrivals) > 1:
            await _take(session, each, complaint_id)
            continue
        try:
            async with alone(session):
                await _take(session, each, complaint_id)
        except Refusal as refusal:
            announce(session, _rejected(each.arrival, each.party, each.order, refusal))


@dataclass(frozen=True)
class _Readable:
    """A reply, whose it is, and the order it names, if that can be a name."""

    arrival: Arrival
    party: Party
    order: str | None
    given: Reply


async def _readable(session: AsyncSession, arrival: Arrival) -> _Readable | None:
    """What has come; None, when the department has been told why nothing can be taken."""
    party, is_active = await _sender(session, arrival)
    named: str | None = None
    try:
        value = _decoded(arrival.body)
        named = _order_named(value)
        if not is_active:
            raise Forbidden("no-such-department", "本部门已停用，不能再答复，请联系管理员。")
        return _Readable(arrival, party, named, _read(value))
    except Refusal as refusal:
        announce(session, _rejected(arrival, party, named, refusal))
        return None


async def _sender(session: AsyncSession, arrival: Arrival) -> tuple[Party, bool]:
    """The department whose routing key this is, which the broker lets nobody else write, and whether it works here."""
    _, _, code = arrival.routing_key.partition(".")
    center, _, department = code.partition(".")
    active = await department_is_active(session, center, department)
    if active is None:
        raise Unknown(f"{center}/{department}")
    return Party(center=center, department=department), active


def _decoded(body: bytes) -> object:
    if len(body) > MOST_BYTES:
        raise _unreadable(f"答复超过{MOST_BYTES // 1024}kB，请缩短文字。")
    try:
        return unwrapped(orjson.loads(body))
    except orjson.JSONDecodeError:
        raise _unreadable("答复不是规范的 JSON（UTF-8 编码），请检查格式后重新发送。") from None


def _unreadable(message: str) -> Invalid:
    return Invalid("unreadable", message, [FieldFault("body", message)])


def _order_named(value: object) -> str | None:
    named = value.get("order") if isinstance(value, dict) else None
    return named if isinstance(named, str) and _ORDER.fullmatch(named) else None


def _read(value: object) -> Reply:
    try:
        return Reply.model_validate(value)
    except ValidationError as error:
        raise Invalid("invalid", "答复有误，请按各字段的提示修改后重新发送。", faults_of(error.errors())) from None


async def _take(session: AsyncSession, reply: _Readable, complaint_id: str | None) -> None:
    if complaint_id is None:
        message = "没有这件工作单，请核对编号。"
        raise NotFound("no-such-order", message, [FieldFault("order", message)])
    party, given = reply.party, reply.given
    actor = Actor(given.replied_by, given.replied_by, Role.OFFICER, party.center, party.department)
    answer = answering.Answer(**given.model_dump(exclude={"order", "replied_by"}))
    await answering.reply(session, actor, complaint_id, answer)


def _rejected(arrival: Arrival, party: Party, order: str | None, refusal: Refusal) -> ReplyRejected:
    faults = refusal.errors or (FieldFault("body", refusal.message),)
    return ReplyRejected(
        at=clock.now(),
        center=party.center,
        subject=f"{party.center}/{party.department}",
        party=party,
        order=order,
        in_reply_to=arrival.reference,
        faults=[Fault(field=fault.field, message=fault.message) for fault in faults],
    )
