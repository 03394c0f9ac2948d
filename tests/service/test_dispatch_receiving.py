"""What departments' own systems answer over the bus: what has arrived is taken together, and none fails for another."""

from __future__ import annotations

import json
from typing import Any

from services.dispatch.consumers import replies
from shared.events.directory import DepartmentChanged
from shared.events.dispatch import OrderReplied, ReplyRejected
from shared.messaging.doors import Arrival, DoorReceiver
from tests.support.alone import at
from tests.support.dispatching import Desk, desk

__all__ = ["desk"]


async def dispatched(desk: Desk) -> str:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    return complaint_id


def reply(order: str, **given: Any) -> Arrival:
    """What the department answers, under an id of its own."""
    said = {
        "order": order,
        "round": 1,
        "stage": "reply",
        "kind": "reasons",
        "text": "不符合条件。",
        "replied_by": "王科",
    }
    body = json.dumps(said | {"legal_basis": "《条例》第五条"} | given).encode()
    return Arrival(body, "reply.sq.zrzy", f"{order}-{len(given)}")


async def test_several_replies_are_taken_in_one_transaction(desk: Desk) -> None:
    orders = [await dispatched(desk) for _ in range(4)]
    before = desk.store.commits
    await DoorReceiver(replies, desk.receiver, desk.store).take([reply(order) for order in orders])
    assert desk.store.commits - before == 1
    assert [event.subject for event in await desk.announced(OrderReplied)] == orders


async def test_one_that_is_refused_changes_nothing_and_the_others_are_taken(desk: Desk) -> None:
    first, second, third = [await dispatched(desk) for _ in range(3)]
    arrivals = [
        reply(first),
        reply(second, round=7),
        Arrival(b"\xff", "reply.sq.zrzy", "unreadable"),
        reply("SQ-2026-none"),
        reply(third),
        reply(third, text="再答一次。"),
    ]
    await DoorReceiver(replies, desk.receiver, desk.store).take(arrivals)
    assert {event.subject for event in await desk.announced(OrderReplied)} == {first, third}
    refused = {event.in_reply_to: event.order for event in await desk.announced(ReplyRejected)}
    assert refused == {
        arrivals[1].reference: second,
        "unreadable": None,
        arrivals[3].reference: "SQ-2026-none",
        arrivals[5].reference: third,
    }


async def test_a_department_that_is_retired_is_told_so_and_its_order_stays_as_it_was(desk: Desk) -> None:
    complaint_id = await dispatched(desk)
    retired = {"name": "自然资源局", "short_name": "自然资源局", "code": "zrzy", "active": False}
    told = DepartmentChanged(at=at("11-23 08:00"), center="sq", subject="sq/zrzy", revision=2, **retired)
    await desk.hear(told)
    await DoorReceiver(replies, desk.receiver, desk.store).take([reply(complaint_id)])
    assert await desk.announced(OrderReplied) == []
    [refused] = await desk.announced(ReplyRejected)
    assert (refused.party.department, refused.order, refused.in_reply_to) == ("zrzy", complaint_id, f"{complaint_id}-0")
    assert [fault.message for fault in refused.faults] == ["本部门已停用，不能再答复，请联系管理员。"]
    assert (await desk.file(complaint_id))["state"] == "handling"
