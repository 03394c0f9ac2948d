"""Several petitioners with one matter on dispatch's desk (多人同诉): dispatched, joined, declined, withdrawn."""

from __future__ import annotations

from typing import Any

from shared.events.intake import Triage
from tests.support.dispatching import HEAD, Desk, officer

ZRZY, ZJJ, SWJ = officer("sq/zrzy"), officer("sq/zjj"), officer("sq/swj")
RESULT: dict[str, Any] = {"kind": "result", "text": "已经办结。"}
PLAN: dict[str, Any] = {"kind": "plan", "text": "分期补办。"}
SAME = {"reason": "反映同一小区办证问题。"}
WHY = {"reason": "协办意见不影响结果。"}
DECLINED = {"reason": "审批权限已划转住建局。"}
UPHELD = {"uphold": True, "reasons": "情况属实。"}
SATISFIED = {"satisfaction": "satisfied", "opinion": "满意", "method": "phone"}


async def dispatched(desk: Desk, *co_handlers: str, triage: Triage = Triage.HARD, **given: Any) -> str:
    """With its departments, the Natural Resources Bureau leading."""
    complaint_id = await desk.complaint(triage)
    await desk.act(complaint_id, "dispatch", lead="zrzy", co_handlers=list(co_handlers), **given)
    return complaint_id


async def joined_to(desk: Desk, leading: str, triage: Triage = Triage.HARD, **given: Any) -> str:
    """Another petitioner's, joined before it was dispatched."""
    complaint_id = await desk.complaint(triage, **given)
    await desk.act(complaint_id, "join", HEAD, to=leading, **SAME)
    return complaint_id


async def sent_back(desk: Desk, complaint_id: str) -> None:
    """Its department is not the right one."""
    await desk.act(complaint_id, "decline", ZRZY, **DECLINED)
    await desk.act(complaint_id, "decline", **UPHELD)


async def withdrawn(desk: Desk, complaint_id: str) -> None:
    """Its petitioner wants it no more, and has said so on the phone."""
    await desk.act(complaint_id, "withdraw", words="自行解决了。")
    await desk.act(complaint_id, "withdraw", HEAD, confirm=True, words="本人确认。")


async def number_of(desk: Desk, complaint_id: str) -> str:
    """What it is called."""
    return str((await desk.file(complaint_id))["number"])
