"""The permission table as it is in force: role × action × scope, to be read only."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.directory.pages.kit import DirectoryReader, show
from services.directory.usecases import second_factor
from shared.security.roles import CALLED, GUESSABLE, MAY, REACH, Action, Reach, Role
from shared.security.words import EVERYWHERE, GROUPS

router = APIRouter(include_in_schema=False)


@router.get("/roles")
async def show_roles(request: Request, actor: DirectoryReader) -> HTMLResponse:
    """Which role may do what, and where."""
    return await show(
        request,
        actor,
        "roles.html",
        "directory",
        "roles",
        roles=[(called, REACH[role]) for role, called in CALLED.items()],
        groups=[
            (group, [(called, [_cell(role, action) for role in CALLED]) for action, called in actions.items()])
            for group, actions in GROUPS.items()
        ],
        wanted=[called for role, called in CALLED.items() if second_factor.is_wanted(role)],
    )


def _cell(role: Role, action: Action) -> Reach | str:
    if role not in MAY[action]:
        return ""
    if action in GUESSABLE:
        return "凭编号"
    return "可以" if action in EVERYWHERE else REACH[role]
