"""Every page of the house, and who may look at it: found in the routes, so that none is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.__main__ import service_of
from services.cli.play.doors import Doors
from shared.security.roles import MAY, Action, Role
from shared.settings import SERVICES
from shared.web.app import make_app
from shared.web.permit import doors_at, permit_of

STAFF = {
    Role.CLERK: "clerk-sq",
    Role.COORDINATOR: "coordinator-sq",
    Role.HEAD: "head-sq",
    Role.OFFICER: "officer-zrzy",
    Role.SUPERVISOR: "supervisor-sq",
    Role.GOVERNMENT: "government-sq",
    Role.CASE_EDITOR: "case-editor-sq",
    Role.CASE_APPROVER: "case-approver-sq",
    Role.ADMINISTRATOR: "admin",
    Role.AUDITOR: "auditor-sq",
}
"""One of each; whoever comes first looks at what several may see."""
KEPT = {
    "centers": "sq",
    "departments": "sq/zrzy",
    "staff": "clerk-sq",
    "units": "沈丘县水利局",
    "liaisons": "sq/jw",
    "channels": "web",
    "partners": "feedback.web",
}
"""One of each kind of what the sample county's directory keeps, with what `keep_more` adds."""
FACTS, NOTICES = "/directory/api/facts", "/directory/api/holiday-notices"
MORE = (
    {"kind": "liaison", "center": "sq", "code": "jw", "name": "叶鹏", "organ": "县纪委监委"},
    {"kind": "partner", "code": "feedback.web", "name": "网上自助提交"},
)
NOTICE = Path(__file__).parents[1] / "data" / "notices" / "2026.txt"
SHIPPED = {"/synonyms/{number}": "1", "name": "petitioner.closed"}
"""What the house has from its first start."""
_NO_PAGE = re.compile(r"^/(api|fragments)/|^/$|\.\w+$|\{(enclosure_id|export_id:uuid)\}$")
"""JSON, parts of pages, what only leads on, and files."""


@dataclass(frozen=True)
class Look:
    """A page, and who looks at it; nobody is one who has not logged in."""

    path: str
    username: str | None = None


def pages(standing: Mapping[str, str]) -> Iterator[Look]:
    """Every page once; `standing` says what stands for a part of an address, by its name or by the whole address."""
    standing = {f"/{kind}/of/{{key:path}}": key for kind, key in KEPT.items()} | SHIPPED | dict(standing)
    for name in SERVICES:
        service = service_of(name)
        for path, door in doors_at(make_app(name, service.title, service.routers).routes):
            permit = permit_of(door)
            if permit and "GET" in door.methods and not _NO_PAGE.search(path):
                yield Look(f"/{name}{_filled(path, standing)}", _who_may(permit.action))


async def keep_more(doors: Doors) -> dict[str, str]:
    """Have the sample county's directory keep a bit of everything; what stands for parts of addresses then."""
    admin = await doors.token("admin")
    for given in MORE:
        if not await doors.call("GET", f"{FACTS}/{given['kind']}", admin):
            await doors.call("POST", FACTS, admin, json=given)
    notices = await doors.call("GET", NOTICES, admin)
    if not notices:
        given = {"text": NOTICE.read_text()}
        given["digest"] = (await doors.call("POST", f"{NOTICES}/preview", admin, json=given))["digest"]
        notices = [await doors.call("POST", NOTICES, admin, json=given)]
    return {"number": str(notices[0]["number"])}


def _filled(path: str, standing: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: standing.get(path) or standing[part[1]], path)


def _who_may(action: Action) -> str | None:
    return None if Role.PUBLIC in MAY[action] else next(who for role, who in STAFF.items() if role in MAY[action])
