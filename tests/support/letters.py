"""Letters about orders in a county known by its names: called for, signed, and what stands on them."""

from __future__ import annotations

from typing import Any

from shared import clock
from shared.events.directory import CenterChanged, MemberChanged
from shared.events.sla import Rung
from shared.security.roles import Actor, Role
from shared.workdays import Calendar
from tests.support.alone import at
from tests.support.dispatching import COORDINATOR, HEAD, Desk
from tests.support.papers import pdf_text, word_text


async def county_by_name(desk: Desk) -> None:
    """The county's center by its name, and its coordinator."""
    given = {"at": clock.now(), "center": "sq", "subject": "sq", "revision": 2, "parent": None, "area_code": "0394"}
    await desk.hear(CenterChanged(name="沈丘县政务服务中心", calendar=Calendar().to_facts(), **given))
    member = {"name": "金永强", "role": Role.COORDINATOR, "phone": "0394-5000001"}
    await desk.hear(MemberChanged(at=clock.now(), center="sq", subject="coordinator-sq", revision=1, **member))


async def overdue(desk: Desk) -> str:
    """Dispatched on the 23rd, due on the 26th, supervised then, reported on the 27th."""
    await county_by_name(desk)
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.due_at(complaint_id, "11-26 17:30")
    for rung, when in ((Rung.SUPERVISED, "11-26 17:30"), (Rung.REPORTED, "11-27 17:30")):
        await rung_given(desk, complaint_id, rung, when)
    desk.now("11-30 09:00")
    return complaint_id


async def rung_given(desk: Desk, complaint_id: str, rung: Rung, when: str, leg: int = 1, round_number: int = 1) -> None:
    """The instant of a rung has come, and it is given a second later."""
    desk.now(when + ":01")
    await desk.hear(desk.due(complaint_id, rung, at(when), leg, round_number))


async def papers_of(desk: Desk, complaint_id: str, actor: Actor = COORDINATOR) -> dict[str, Any]:
    """What the order calls for, by kind."""
    answer = await desk.ask("GET", f"orders/{complaint_id}/papers", actor)
    assert answer.status_code == 200, answer.text
    return {paper["kind"]: paper for paper in answer.json()}


async def issue(desk: Desk, complaint_id: str, kind: str, actor: Actor = HEAD, **given: Any) -> dict[str, Any]:
    """Sign the oldest of a kind that is not signed yet, or the one of an occasion."""
    answer = await desk.ask("POST", f"orders/{complaint_id}/papers/{kind}", actor, json=given)
    assert answer.status_code == 201, answer.text
    issued: dict[str, Any] = answer.json()
    return issued


async def not_issued(desk: Desk, complaint_id: str, kind: str, actor: Actor) -> tuple[int, str]:
    """Be refused that: status and code."""
    answer = await desk.ask("POST", f"orders/{complaint_id}/papers/{kind}", actor, json={})
    return answer.status_code, answer.json()["code"]


async def text_of(desk: Desk, path: str, actor: Actor = COORDINATOR) -> str:
    """What stands on a paper, in PDF or Word."""
    answer = await desk.ask("GET", path, actor)
    assert answer.status_code == 200, answer.text
    return "".join(pdf_text(answer.content)) if path.endswith("pdf") else word_text(answer.content)
