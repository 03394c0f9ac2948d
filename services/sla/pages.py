"""The pages of sla: an order's clocks, by themselves and as a part of the complaint's page."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.sla import store, usecases
from services.sla.api import Code, Reading
from services.sla.domain import Clock, Explained, explain
from shared import clock
from shared.security.roles import Actor
from shared.web.limits import Left, left
from shared.web.pages import Pages
from shared.web.session import Reader

pages = Pages(Path(__file__).parent / "templates")
router = APIRouter(include_in_schema=False)

STAGES = {"reply": "答复", "result": "办结"}
RUNGS = (("urged_at", "催办"), ("supervised_at", "督办"), ("reported_at", "通报"))


@dataclass(frozen=True)
class Shown:
    """One leg as a page shows it."""

    clock: Clock
    stage: str
    answered_at: datetime | None
    """None of an answer that was returned at the check: it counts as none."""
    left: Left | None
    explained: Explained
    rungs: list[tuple[str, str]]
    """Which were given, and when."""


@router.get("/clocks/{complaint_id}")
async def show_clocks(complaint_id: Code, request: Request, actor: Reading, session: Reader) -> HTMLResponse:
    """When a complaint's legs are due and why, as a page."""
    legs = await _legs(session, actor, complaint_id)
    return await pages.show(request, "clocks.html", complaint_id=complaint_id, legs=legs)


@router.get("/fragments/clocks/{complaint_id}")
async def part_of_clocks(complaint_id: Code, actor: Reading, session: Reader) -> HTMLResponse:
    """The same as a part of another page; of what has no clock it says so."""
    return pages.fragment("clocks_part.html", legs=await _legs(session, actor, complaint_id))


async def _legs(session: AsyncSession, actor: Actor, complaint_id: str) -> list[Shown]:
    order = await usecases.order_of(session, actor, complaint_id)
    return [await _shown(session, each) for _, each in sorted(order.clocks.items())] if order else []


async def _shown(session: AsyncSession, each: Clock) -> Shown:
    calendar = (await store.counted(session, each.calendar)).calendar
    rungs = [(word, f"{at:%Y-%m-%d %H:%M}") for name, word in RUNGS if (at := getattr(each, name))]
    answered_at = each.answered_at if each.answered_round == each.round else None
    return Shown(
        each,
        STAGES[each.stage.value],
        answered_at,
        left(calendar, clock.now(), each.due_at, answered_at),
        explain(each, calendar),
        rungs,
    )
