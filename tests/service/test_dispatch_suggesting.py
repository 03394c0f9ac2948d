"""What closes as typical is suggested to the casebook (Art. 11), without what is known of the petitioner."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from services.dispatch.tables import Petitioner
from shared.events.dispatch import CaseSuggested
from shared.events.intake import Triage
from tests.support.dispatching import HEAD, Desk, desk, officer

__all__ = ["desk"]

CONTENT = "张三丰跑了三趟（19900001234），窗口还是不给办。"
ANSWER: dict[str, Any] = {"kind": "result", "text": "已与张三丰核实，当天办结。"}
HEARD: dict[str, Any] = {"opinion": "知道了", "method": "phone"}


async def checked(desk: Desk) -> str:
    """An order whose answer has passed the check; both texts name the petitioner."""
    complaint_id = await desk.complaint(Triage.REFUSED, content=CONTENT)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "reply", officer("sq/zrzy"), **ANSWER)
    await desk.act(complaint_id, "check", passed=True)
    return complaint_id


async def test_a_typical_one_is_suggested_without_its_petitioner(desk: Desk) -> None:
    complaint_id = await checked(desk)
    await desk.act(complaint_id, "follow-up", **HEARD, satisfaction="satisfied", typical=True)
    [event] = await desk.announced(CaseSuggested)
    assert (event.subject, event.center, event.by) == (complaint_id, "sq", "coordinator-sq")
    assert event.problem == "某某跑了三趟（〔电话已隐去〕），窗口还是不给办。"
    assert event.result == "已与某某核实，当天办结。"


async def test_one_that_is_not_typical_is_not_nor_one_whose_petitioner_nobody_can_read(desk: Desk) -> None:
    await desk.act(await checked(desk), "follow-up", **HEARD, satisfaction="satisfied")
    unreadable = await checked(desk)
    await desk.do(lambda session: session.execute(update(Petitioner).values(name="y1.lost.aaaa")))
    await desk.act(unreadable, "follow-up", **HEARD, satisfaction="satisfied", typical=True)
    assert (await desk.file(unreadable))["final"] == "zeroed"
    assert await desk.announced(CaseSuggested) == []


async def test_one_concluded_without_satisfaction_is_with_its_reasons(desk: Desk) -> None:
    complaint_id = await checked(desk)
    await desk.act(complaint_id, "follow-up", **HEARD, satisfaction="dissatisfied", then="conclude", typical=True)
    basis = "《不动产登记暂行条例》第二十二条"
    await desk.act(complaint_id, "conclude", reasons="已向张三丰说明，政策不允许。", legal_basis=basis)
    assert await desk.announced(CaseSuggested) == []
    await desk.act(complaint_id, "conclude", HEAD, approve=True)
    [event] = await desk.announced(CaseSuggested)
    assert (event.reasons, event.legal_basis) == ("已向某某说明，政策不允许。", basis)
