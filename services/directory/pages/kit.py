"""What the pages of directory have in common."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.directory.pages.sheets import SHEETS
from shared.security.roles import Action, Actor
from shared.web.pages import Pages
from shared.web.permit import permit

pages = Pages(Path(__file__).parents[1] / "templates")

Administrator = Annotated[Actor, permit(Action.ADMINISTER)]
DirectoryReader = Annotated[Actor, permit(Action.READ_DIRECTORY)]

PARTS = {
    "directory": [
        *((path, sheet.title, Action.READ_DIRECTORY) for path, sheet in SHEETS.items()),
        ("places", "窗口和协调室", Action.READ_DIRECTORY),
        ("meetings", "联络会议", Action.READ_MEETINGS),
        ("roles", "岗位权限", Action.READ_DIRECTORY),
        ("imports", "批量导入", Action.ADMINISTER),
    ],
    "calendar": [
        ("calendar", "日历", Action.READ_DIRECTORY),
        ("local-days", "本地安排", Action.READ_DIRECTORY),
        ("hours", "作息时间", Action.READ_DIRECTORY),
        ("notices", "放假通知", Action.READ_DIRECTORY),
    ],
}
"""The parts of each desk: address below `/directory`, label, and what one must be allowed to go there."""
DESKS = {"directory": "机构与人员", "calendar": "工作日历"}


async def show(request: Request, actor: Actor, template: str, desk: str, here: str, **shown: Any) -> HTMLResponse:
    """A page of a desk, which is a tab of that name; `here` is the address of the part it belongs to."""
    around: Mapping[str, Any] = {
        "desk": DESKS[desk],
        "home": f"/directory/{PARTS[desk][0][0]}",
        "here": here,
        "here_called": next(label for path, label, _ in PARTS[desk] if path == here),
        "parts": [(path, label) for path, label, action in PARTS[desk] if actor.may(action)],
        "administers": actor.may(Action.ADMINISTER),
    }
    return await pages.show(request, template, tab=desk, **around, **shown)
