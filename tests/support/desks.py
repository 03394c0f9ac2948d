"""What stands on the desks of dispatch: something of each kind that waits, and something that was reported."""

from __future__ import annotations

from shared.events.directory import DepartmentChanged
from shared.events.intake import Triage
from shared.events.sla import Rung
from tests.support.alone import at
from tests.support.dispatching import Desk, officer

ZRZY = officer("sq/zrzy")


async def one_of_each(desk: Desk) -> dict[str, str]:
    """By kind of task, a complaint that waits for it; made in the order in which they are due."""
    found = {}
    found["referral"] = await desk.complaint(Triage.OUT_OF_SCOPE)
    await desk.act(found["referral"], "refer", unit="供电公司")
    found["decline"] = await desk.complaint(Triage.HARD)
    await desk.act(found["decline"], "dispatch", lead="zrzy")
    await desk.act(found["decline"], "decline", ZRZY, reason="不归本部门")
    found["check"] = await desk.complaint(Triage.REFUSED)
    await desk.act(found["check"], "dispatch", lead="zrzy")
    await desk.act(found["check"], "reply", ZRZY, kind="result", text="已办结。")
    found["consent"] = await desk.complaint(Triage.HARD)
    await desk.act(found["consent"], "dispatch", lead="zrzy")
    await desk.act(found["consent"], "reply", ZRZY, kind="plan", text="分步办理。", committed_on="2027-01-15")
    await desk.act(found["consent"], "extend", ZRZY, reason="材料未齐", committed_on="2027-01-18")
    found["extension"] = found["consent"]
    found["withdrawal"] = found["consent"]
    await desk.act(found["withdrawal"], "withdraw", words="不用办了")
    found["follow-up"] = await desk.complaint(Triage.GENERAL)
    await desk.hear(desk.settled(found["follow-up"]))
    for kind in ("conclude", "approve"):
        found[kind] = await desk.complaint(Triage.GENERAL)
        await desk.hear(desk.settled(found[kind]))
        said = {"satisfaction": "dissatisfied", "opinion": "不满意", "method": "phone", "then": "conclude"}
        await desk.act(found[kind], "follow-up", **said)
    await desk.act(found["approve"], "conclude", reasons="没有政策", legal_basis="《条例》")
    found["adjudicate"] = await desk.complaint(Triage.HARD)
    for lead in ("zrzy", "zjj"):
        await desk.act(found["adjudicate"], "dispatch", lead=lead)
        await desk.act(found["adjudicate"], "decline", officer(f"sq/{lead}"), reason="不归本部门")
        await desk.act(found["adjudicate"], "decline", uphold=True, reasons="同意")
    found["sign"] = await desk.complaint(Triage.REFUSED)
    await desk.act(found["sign"], "dispatch", lead="zjj")
    await desk.hear(desk.due(found["sign"], Rung.REPORTED, at("11-23 09:00")))
    found["overrule"] = await desk.complaint(Triage.HARD)
    await desk.act(found["overrule"], "dispatch", lead="zrzy", co_handlers=["zjj"])
    found["take-back"] = await desk.complaint(Triage.HARD)
    await desk.act(found["take-back"], "dispatch", lead="swj")
    retired = {"name": "税务局", "short_name": "税务局", "code": "swj", "active": False}
    await desk.hear(DepartmentChanged(at=at("11-23 08:00"), center="sq", subject="sq/swj", revision=2, **retired))
    found["dispatch"] = await desk.complaint(Triage.HARD)
    return found


async def reported(desk: Desk) -> str:
    """A complaint whose department was supervised and reported; it is the evening after."""
    complaint_id = await desk.complaint(Triage.REFUSED)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.due_at(complaint_id, "11-23 17:30")
    desk.now("11-24 17:31")
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, at("11-23 17:30")))
    await desk.hear(desk.due(complaint_id, Rung.REPORTED, at("11-24 17:30")))
    return complaint_id
