"""Casebook alone: who works there, what they write, and the steps of a case."""

from __future__ import annotations

from typing import Any

from shared.events.directory import CenterChanged, DepartmentChanged, MemberChanged
from shared.events.dispatch import CaseSuggested
from shared.security.roles import Actor, Role
from shared.workdays import Calendar
from tests.support.alone import Alone, at

EDITOR = Actor("deng", "邓玉兰", Role.CASE_EDITOR, "sq")
TOWNSHIP = Actor("qi", "齐", Role.COORDINATOR, "sq-zhidian")
APPROVER = Actor("peng", "彭斌", Role.CASE_APPROVER, "sq")
CLERK = Actor("wang", "王", Role.CLERK, "sq")
ZRZY = Actor("yu", "余", Role.OFFICER, "sq", "zrzy")
SWJ = Actor("shi", "石", Role.OFFICER, "sq", "swj")
WHOLE: dict[str, Any] = {
    "title": "集资房办证",
    "problem": "问题",
    "method": "会商",
    "steps": "一、二",
    "conclusion": "已办",
    "mechanism": "12345热线",
}
COMPLAINT = "01990000-0000-7000-8000-00000000000a"


async def staffed(casebook: Alone) -> None:
    """Let it know the county, a township, two departments and who writes and approves cases."""
    casebook.now("11-23 10:00")
    when = at("01-01 00:00")
    for code, parent in (("sq-zhidian", "sq"), ("sq", None)):
        await casebook.hear(
            CenterChanged(
                at=when, center=code, subject=code, revision=1, name=code, parent=parent, area_code="0394",
                calendar=Calendar().to_facts(),
            )
        )  # fmt: skip
    for code, name in (("zrzy", "自然资源局"), ("swj", "税务局")):
        await casebook.hear(
            DepartmentChanged(
                at=when, center="sq", subject=f"sq/{code}", revision=1, name=name, short_name=name, code=code
            )
        )
    for actor in (EDITOR, APPROVER):
        await casebook.hear(
            MemberChanged(
                at=when, center="sq", subject=actor.id, revision=1, name=actor.name, role=actor.role, department=None,
                phone=None,
            )
        )  # fmt: skip


def suggested(subject: str = COMPLAINT, when: str = "11-23 09:00", center: str = "sq", **given: Any) -> CaseSuggested:
    """A complaint was closed as typical."""
    told = {
        "number": "SQ-2026-0001",
        "problem": "老楼办不下房产证。电话19900001001",
        "result": "容缺受理。",
        "by": "ma",
    }
    return CaseSuggested(at=at(when), center=center, subject=subject, **told | given)


async def ask(casebook: Alone, actor: Actor | None, method: str, path: str, status: int = 200, **given: Any) -> Any:
    """What a door of casebook answers, with this status."""
    answer = await casebook.ask(method, path, actor, **given)
    assert answer.status_code == status, answer.text
    return answer.json()


async def refused(casebook: Alone, actor: Actor | None, method: str, path: str, **given: Any) -> str:
    """The code of a refusal, and the fields at fault; its sentence is a Chinese one."""
    answer = await casebook.ask(method, path, actor, **given)
    problem = answer.json()
    assert answer.is_client_error, problem
    assert problem["detail"].endswith("。"), problem
    return " ".join([problem["code"], *(fault["field"] for fault in problem.get("errors", []))])


async def step(casebook: Alone, actor: Actor, case_id: str, name: str, **given: Any) -> Any:
    """Take a step of a case."""
    return await ask(casebook, actor, "POST", f"cases/{case_id}/{name}", json=given)


async def written(casebook: Alone, actor: Actor = EDITOR, **changed: Any) -> str:
    """A draft; its id."""
    case_id: str = (await ask(casebook, actor, "POST", "cases", 201, json=WHOLE | changed))["id"]
    return case_id


async def confirmed(casebook: Alone, case_id: str, actor: Actor = EDITOR) -> None:
    """What was struck is right."""
    revision = (await ask(casebook, actor, "GET", f"cases/{case_id}"))["revision"]
    await step(casebook, actor, case_id, "confirm", revision=revision)


async def approved(casebook: Alone, case_id: str | None = None, **changed: Any) -> str:
    """An approved case; its id."""
    case_id = case_id or await written(casebook, **changed)
    await confirmed(casebook, case_id)
    await step(casebook, EDITOR, case_id, "submit")
    await step(casebook, APPROVER, case_id, "approve")
    return case_id


async def published(casebook: Alone, case_id: str | None = None, **changed: Any) -> str:
    """A public case; its id."""
    case_id = await approved(casebook, case_id, **changed)
    await step(casebook, APPROVER, case_id, "publish")
    return case_id


async def found(casebook: Alone, q: str, **given: Any) -> list[str]:
    """The ids of what the public finds."""
    return [case["id"] for case in await ask(casebook, None, "GET", "cases", params={"q": q} | given)]
