"""What stands round every page: whose house, who looks, what day it is, where there is to go."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from shared import clock, replica
from shared.logs import log
from shared.replica import Facts, calendar_told
from shared.security.roles import CALLED, PUBLIC, Actor
from shared.security.watermark import mark_of
from shared.settings import SERVICES
from shared.web.browsers import SAFE, own_path, token_of
from shared.web.flash import told
from shared.web.forms import EMPTY, Form
from shared.web.tabs import tabs_of

_log = log("web")


async def frame(request: Request) -> dict[str, Any]:
    """As it is now; without the names that the directory has not told yet, or that cannot be read at the moment."""
    actor: Actor = getattr(request.state, "actor", PUBLIC)
    now, tabs = clock.now(), tabs_of(actor)
    facts = await _facts(request)
    centers, people = facts.get("center", {}), facts.get("member", {})
    county = next((fact.data for fact in centers.values() if fact.data["parent"] is None), None)
    return {
        "house": county["name"] if county else "",
        "actor": actor if actor is not PUBLIC else None,
        "who": _who(actor, centers),
        "person_named": lambda username: people[username].data["name"] if username in people else username,
        "watermark": mark_of(actor, now) if actor is not PUBLIC else "",
        "now": now,
        "day_is": _day_is(county),
        "tabs": tabs,
        "counting": sorted({tab.counted for tab in tabs if tab.counted}),
        "every_service": SERVICES,
        "drill": _drill(request) if clock.is_drill() else None,
        "token": token_of(request),
        "told": told(request),
    }


def _drill(request: Request) -> dict[str, Any]:
    """What the bar of a drill shows, and the page it leads back to; refused, it is shown as it was sent."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    form: Form = getattr(request.state, "form", EMPTY)
    return {
        "stands_still": clock.stands_still(),
        "here": here if request.method in SAFE else own_path(form.text("back")),
        "typed": form.text("now"),
    }


async def _facts(request: Request) -> Facts:
    store = getattr(request.app.state, "store", None)
    if store is None:
        return {}
    try:
        return await replica.facts_in(store)
    except Exception as error:  # the page that says what is wrong needs a frame too
        _log.warning("no names for the frame", error=repr(error)[:300])
        return {}


def _who(actor: Actor, centers: Mapping[str, replica.Fact]) -> str:
    if actor is PUBLIC:
        return ""
    center = centers.get(actor.center or "")
    place = f"（{center.data['name']}）" if center else ""
    return f"{CALLED[actor.role]}：{actor.name}{place}"


def _day_is(county: Mapping[str, Any] | None) -> str:
    if county is None:
        return ""
    fact = calendar_told(county["calendar"]).day(clock.now().date())
    return "工作日" if fact.counts else f"休息日（{fact.why.partition('（')[0]}）"
