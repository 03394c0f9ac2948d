"""The ledger on screen: annex 3 page by page, with what narrows it in the address (mechanism §10)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.api.ledger import place
from services.intake.domain.annex import HEADINGS, NOTES, TITLE
from services.intake.domain.filters import Filter
from services.intake.domain.words import CATEGORIES, FINALS, RUNGS, SOURCES, STATES, TRIAGES
from services.intake.pages.kit import pages
from services.intake.store import directory
from services.intake.store.overview import Overview
from services.intake.usecases.asking import ledger_asked
from services.intake.usecases.ledger import Page, Place, page
from services.intake.usecases.overview import overview
from services.intake.usecases.reading import scope
from shared.dates import day_typed
from shared.security.roles import Action, Actor
from shared.web.forms import EMPTY, Form, narrowing
from shared.web.permit import permit
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 50
_LONG = {"主要诉求", "办理情况", "备注"}
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
        "center": center, "text": text.strip(), "state": state,
        "from": day_typed(first), "to": day_typed(last), "as_of": day_typed(as_of),
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
    """The next rows of the ledger asked for, the newest first, and its figures; narrowed wrongly, what is wrong."""
    narrowing(request, lambda session, form: _page(request, session, actor, given, form=form))
    asked = ledger_asked(given)
    found = await page(session, actor, asked, ON_A_PAGE, after, newest_first=True)
    figures = await overview(session, actor, replace(asked, wanted=Filter()))
    return await _page(request, session, actor, given, found, figures, is_first=after is None)


async def _page(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    given: Mapping[str, str],
    found: Page | None = None,
    figures: Overview | None = None,
    *,
    is_first: bool = True,
    form: Form = EMPTY,
) -> HTMLResponse:
    following = found.following if found else None
    names = await directory.names(session)
    return await pages.show(
        request,
        "ledger.html",
        tab="ledger",
        form=form,
        figures=figures,
        period="期内" if "from" in given or "to" in given else "本月",
        entries=found.entries if found else [],
        given=defaultdict(str, given),
        narrowed=bool(given),
        unfolded=not given.keys().isdisjoint(_MORE),
        query=query_of(given),
        first=None if is_first else f"/intake/ledger{query_of(given)}",
        next=f"/intake/ledger{query_of(given, after=f'{following.rows}.{following.complaint_id}')}"
        if following
        else None,
        choices=choices(names.departments.items())
        | {"centers": [(code, names.center(code)) for code in sorted(await scope(session, actor))]},
        headings=HEADINGS,
        long=_LONG,
        title=TITLE,
        notes=NOTES,
    )


def query_of(given: Mapping[str, str], **more: str) -> str:
    """The same ledger in an address."""
    asked = urlencode({**given, **more})
    return f"?{asked}" if asked else ""


def choices(departments: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """What the ledger can be narrowed to."""
    return {
        "states": [(state.value, called) for state, called in STATES.items()],
        "finals": [(final.value, called) for final, called in FINALS.items()],
        "triages": [(triage.value, called) for triage, called in TRIAGES.items()],
        "rungs": [(rung.value, called) for rung, called in RUNGS.items()],
        "categories": list(CATEGORIES.items()),
        "channels": list(SOURCES.items()),
        "departments": sorted(departments, key=lambda each: each[1]),
    }
