"""Where a center is found: its window, zone and coordination room, and who works there (mechanism §11)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.api.contacts import PlaceGiven
from services.directory.domain.contacts import PlaceKind
from services.directory.pages.calendar import center_shown
from services.directory.pages.kit import DirectoryReader, show
from services.directory.usecases import contacts
from shared.audit.edge import note
from shared.security.roles import Action, Actor, Role
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/places", include_in_schema=False)

HERE = "/directory/places"
KINDS = {PlaceKind.WINDOW: "“有诉即办”窗口", PlaceKind.ZONE: "“有诉即办”专区", PlaceKind.ROOM: "“有诉即办”协调室"}
AT_THE_WINDOW = (Role.CLERK, Role.COORDINATOR, Role.HEAD)
"""Who may be named as working there."""


@router.get("")
async def show_places(
    request: Request, actor: DirectoryReader, session: Reader, center: Annotated[str, Query(max_length=80)] = ""
) -> HTMLResponse:
    """The places of one's own center, or of another, with everything they were."""
    return await _page(request, session, actor, center)


@router.post("/{center}/{kind}")
async def record(
    center: str,
    kind: PlaceKind,
    request: Request,
    actor: Annotated[Actor, permit(Action.KEEP_PLACES)],
    form: Posted,
    session: Session,
) -> Response:
    """Record a place as it is now."""
    form.again = lambda session, form: _page(request, session, actor, center, form, kind)
    given = form.read(PlaceGiven)
    note(request, subject=f"{center}/{kind}")
    await contacts.record_place(session, actor, center, kind, contacts.Place(**given.model_dump()))
    return done(f"{HERE}?center={center}", f"{KINDS[kind]}已登记。")


async def _page(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    center: str,
    form: Form = EMPTY,
    sent: PlaceKind | None = None,
) -> HTMLResponse:
    code, choices = await center_shown(session, actor, center)
    rows = await contacts.places(session, code, history=True)
    members = (await store.held(session)).get("member", {})
    own = [(username, fact) for username, fact in sorted(members.items()) if fact["active"] and fact["center"] == code]
    return await show(
        request,
        actor,
        "places.html",
        "directory",
        "places",
        center=code,
        centers=choices,
        kinds=KINDS,
        rows={kind: [row for row in rows if row.kind == kind] for kind in KINDS},
        staff=[(username, fact["name"]) for username, fact in own if fact["role"] in AT_THE_WINDOW],
        keeps=actor.may(Action.KEEP_PLACES) and actor.reaches(code),
        form_of=lambda kind: form if kind == sent else EMPTY,
    )
