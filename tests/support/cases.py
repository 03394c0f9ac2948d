"""Guidance cases in a county at work: written, confirmed, submitted and published as their people do."""

from __future__ import annotations

from typing import Any

from tests.support.town import APPROVER, COORDINATOR, EDITOR, Town

CASES = "/casebook/api/cases"
CANDIDATES = "/casebook/api/candidates"


WHOLE = {
    "title": "不动产登记材料齐全被拒办",
    "problem": "群众材料齐全，窗口以系统升级为由不予受理不动产转移登记。",
    "method": "由管理机构协调登记窗口容缺受理。",
    "steps": "一、核对材料清单；二、当场受理；三、承诺三日内发证。",
    "conclusion": "材料齐全的应当即时受理，不得以系统升级为由拒绝。",
    "basis": "《不动产登记暂行条例》第十七条",
}
OTHER_MECHANISM = {"mechanism": "政务服务“好差评”"}


async def closed(town: Town, *, typical: bool, **changed: Any) -> str:
    """A complaint that was settled on the spot, and zeroed."""
    complaint_id = await town.complaint("general", **changed)
    result = "窗口当场受理，三日内发证。"
    await town.do("clerk-sq", f"/intake/api/complaints/{complaint_id}/settle", result=result)
    await town.followed_up(complaint_id, "satisfied", typical=typical)
    return complaint_id


async def drafted(town: Town, complaint_id: str) -> str:
    """The draft that the editor begins from a typical complaint; its id."""
    return str((await town.do(EDITOR, CASES, complaint_id=complaint_id))["id"])


async def written(town: Town, **changed: Any) -> str:
    """A case of the editor's; its id."""
    return str((await town.do(EDITOR, CASES, **WHOLE | OTHER_MECHANISM | changed))["id"])


async def step(town: Town, case_id: str, what: str, who: str, remark: str | None = None) -> str:
    """Take a step; the state it leads to."""
    return str((await town.do(who, f"{CASES}/{case_id}/{what}", remark=remark))["state"])


async def confirmed(town: Town, case_id: str) -> str:
    """The editor has seen what was struck; the case's id."""
    revision = (await town.read(EDITOR, f"{CASES}/{case_id}"))["revision"]
    await town.do(EDITOR, f"{CASES}/{case_id}/confirm", revision=revision)
    return case_id


async def submitted(town: Town, **changed: Any) -> str:
    """A case that awaits its approval; its id."""
    case_id = await confirmed(town, await written(town, **changed))
    await step(town, case_id, "submit", EDITOR)
    return case_id


async def published(town: Town, case_id: str | None = None, **changed: Any) -> str:
    """A public case; its id."""
    case_id = await confirmed(town, case_id or await written(town, **changed))
    for what, who in (("submit", EDITOR), ("approve", APPROVER), ("publish", APPROVER)):
        await step(town, case_id, what, who)
    return case_id


async def candidates(town: Town, **params: Any) -> set[str]:
    """The typical complaints without a draft."""
    return {each["complaint_id"] for each in await town.read(EDITOR, CANDIDATES, **params)}


async def happened(town: Town, complaint_id: str) -> list[str]:
    """What stands in a complaint's history."""
    return [line["what"] for line in await town.read(COORDINATOR, f"/intake/api/complaints/{complaint_id}/history")]


async def told_of_cases(town: Town, recipient: str) -> list[str]:
    """What was told to someone who writes or approves cases, the newest first."""
    found = await town.read("auditor-sq", "/notify/api/messages", recipient=recipient, limit=50)
    return [message["template"] for message in found["messages"]]
