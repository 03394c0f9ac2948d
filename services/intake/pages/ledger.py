"""The ledger on screen: annex 3 page by page, with what narrows it in the address (mechanism §10)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from services.intake.api.ledger import place
from services.intake.domain.annex import HEADINGS, NOTES, TITLE
from services.intake.domain.filters import Filter
from services.intake.domain.period import FIRST_DAY, LAST_DAY, Period
from services.intake.domain.states import State
from services.intake.domain.submission import Category
from services.intake.domain.words import CATEGORIES, FINALS, RUNGS, SOURCES, STATES, TRIAGES
from services.intake.pages.kit import pages
from services.intake.store import directory
from services.intake.usecases.ledger import Asked, Place, page
from services.intake.usecases.overview import overview
from services.intake.usecases.reading import scope
from shared.events.dispatch import Final
from shared.events.intake import Triage
from shared.events.sla import Rung
from shared.refusals import FieldFault, Invalid
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 50
_LONG = {"主要诉求", "办理情况", "备注"}
_OVERDUE = {"": None, "true": True, "false": False}
E = TypeVar("E", bound=StrEnum)
Typed = Annotated[str, Query(max_length=200)]


_MORE = ("center", "category", "channel", "final", "rung", "as_of")
"""What stands folded away until it is used."""


def typed(
    center: Typed = "",
    first: Annotated[str, Query(alias="from", max_length=20)] = "",
    last: Annotated[str, Query(alias="to", max_length=20)] = "",
    as_of: Annotated[str, Query(max_length=20)] = "",
    text: Typed = "",
    state: Typed = "",
    final: Typed = "",
    department: Typed = "",
    triage: Typed = "",
    category: Typed = "",
    channel: Typed = "",
    rung: Typed = "",
    overdue: Typed = "",
) -> dict[str, str]:
    """What the address asks for; what is blank is left out."""
    given = {
        "center": center, "from": first, "to": last, "as_of": as_of, "text": text.strip(), "state": state,
        "final": final, "department": department, "triage": triage, "category": category, "channel": channel,
        "rung": rung, "overdue": overdue,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value.strip()}


@router.get("/ledger")
async def show_ledger(
    request: Request,
    actor: Annotated[Actor, permit(Action.READ_LEDGER)],
    session: Reader,
    given: Annotated[dict[str, str], Depends(typed)],
    after: Annotated[Place | None, Depends(place)] = None,
) -> HTMLResponse:
    """The next rows of the ledger asked for, the newest first, and its figures."""
    asked = _asked(given)
    found = await page(session, actor, asked, ON_A_PAGE, after, newest_first=True)
    names = await directory.names(session)
    following = found.following
    return await pages.show(
        request,
        "ledger.html",
        tab="ledger",
        figures=await overview(session, actor, replace(asked, wanted=Filter())),
        period="期内" if asked.period.first or asked.period.last else "本月",
        entries=found.entries,
        given=defaultdict(str, given),
        narrowed=bool(given),
        unfolded=not given.keys().isdisjoint(_MORE),
        query=_query(given),
        first=f"/intake/ledger{_query(given)}" if after else None,
        next=f"/intake/ledger{_query(given, after=f'{following.rows}.{following.complaint_id}')}"
        if following
        else None,
        choices=_choices(names.departments.items())
        | {"centers": [(code, names.center(code)) for code in sorted(await scope(session, actor))]},
        headings=HEADINGS,
        long=_LONG,
        title=TITLE,
        notes=NOTES,
    )


def _asked(given: Mapping[str, str]) -> Asked:
    """Raises `Invalid`."""
    days = Period(*(_day(name, given.get(name, "")) for name in ("from", "to", "as_of")))
    text = given.get("text")
    if text and not 2 <= len(text) <= 100:
        raise _unknown("text", "关键词请填2到100个字。")
    if given.get("overdue", "") not in _OVERDUE:
        raise _unknown("overdue")
    wanted = Filter(
        triage=_one_of(Triage, "triage", given),
        category=_one_of(Category, "category", given),
        source=given.get("channel"),
        department=given.get("department"),
        state=_one_of(State, "state", given),
        final=_one_of(Final, "final", given),
        overdue=_OVERDUE[given.get("overdue", "")],
        rung=_one_of(Rung, "rung", given),
        text=text,
    )
    return Asked(given.get("center"), days, wanted)


def _query(given: Mapping[str, str], **more: str) -> str:
    asked = urlencode({**given, **more})
    return f"?{asked}" if asked else ""


def _choices(departments: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    return {
        "states": [(state.value, called) for state, called in STATES.items()],
        "finals": [(final.value, called) for final, called in FINALS.items()],
        "triages": [(triage.value, called) for triage, called in TRIAGES.items()],
        "rungs": [(rung.value, called) for rung, called in RUNGS.items()],
        "categories": list(CATEGORIES.items()),
        "channels": list(SOURCES.items()),
        "departments": sorted(departments, key=lambda each: each[1]),
    }


def _one_of(kind: type[E], name: str, given: Mapping[str, str]) -> E | None:
    if not given.get(name):
        return None
    try:
        return kind(given[name])
    except ValueError:
        raise _unknown(name) from None


def _unknown(name: str, message: str = "不在可选范围内，请重新选择。") -> Invalid:
    return Invalid("bad-filter", message, [FieldFault(name, message)])


def _day(field: str, text: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = date.min
    if not FIRST_DAY <= day <= LAST_DAY:
        message = "日期请写作 2026-09-28 的样子。"
        raise Invalid("bad-date", message, [FieldFault(field, message)])
    return day
