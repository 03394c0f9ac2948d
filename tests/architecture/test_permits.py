"""Every door says which action it is; a service with a door that does not is refused at start."""

from typing import Annotated

import pytest
from fastapi import APIRouter
from fastapi.dependencies.models import Dependant

from services.__main__ import service_of
from shared.security.roles import MAY, REACH, Action, Actor, Role
from shared.security.words import CALLED
from shared.settings import SERVICES
from shared.web import session
from shared.web.app import make_app
from shared.web.permit import Permit, doors, doors_at, permit, permit_of
from shared.web.tabs import TABS


def _permits(dependant: Dependant) -> list[Permit]:
    return [each.call for each in dependant.dependencies if isinstance(each.call, Permit)]


@pytest.mark.parametrize("name", SERVICES)
def test_every_door_of_a_service_has_one_permit(name: str) -> None:
    service = service_of(name)
    app = make_app(name, service.title, service.routers)
    found = list(doors(app.routes))
    assert {door.path: len(_permits(door.dependant)) for door in found} == {door.path: 1 for door in found}
    told = sum(len(operations) for operations in app.openapi()["paths"].values())
    assert sum(len(door.methods or ()) for door in found if door.include_in_schema) == told, (
        "a door this test cannot see"
    )


def test_a_service_with_an_open_door_does_not_start() -> None:
    router = APIRouter(prefix="/api")

    @router.get("/guarded")
    async def guarded(_: Annotated[Actor, permit(Action.READ_STATUS)]) -> None: ...

    make_app("intake", "guarded", [router])

    @router.get("/open")
    async def open_door() -> None: ...

    with pytest.raises(RuntimeError, match="/api/open"):
        make_app("intake", "open", [router])


def test_a_tab_leads_to_a_page_of_its_action_and_is_counted_by_a_service_that_counts() -> None:
    found = {
        f"/{name}{path}": permit.action
        for name in SERVICES
        for path, door in doors_at(make_app(name, name, service_of(name).routers).routes)
        if "GET" in (door.methods or ()) and (permit := permit_of(door))
    }
    for tab in TABS:
        assert found[tab.href] is tab.action, tab
        assert not tab.counted or f"/{tab.counted}/fragments/counts" in found, tab
    assert len({tab.key for tab in TABS}) == len(TABS)


def test_every_action_is_in_the_table_and_every_role_has_its_scope() -> None:
    assert set(MAY) == set(Action)
    assert set(REACH) == set(Role)


def test_every_action_has_a_name_that_people_read() -> None:
    assert set(CALLED) == set(Action)
    assert len(set(CALLED.values())) == len(CALLED)


@pytest.mark.parametrize("name", SERVICES)
def test_a_part_of_a_page_changes_nothing(name: str) -> None:
    """So that the audit log need not tell of what pages ask for by themselves."""
    app = make_app(name, name, service_of(name).routers)
    parts = [(path, door) for path, door in doors_at(app.routes) if "/fragments/" in path]
    assert parts
    for path, door in parts:
        assert session._writing not in [each.call for each in door.dependant.dependencies], path
