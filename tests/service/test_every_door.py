"""Every door of every service, asked by every role: it opens exactly where the permission table says so."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.__main__ import service_of
from shared.security.roles import MAY, Action, Actor, Role
from shared.settings import SERVICES
from shared.web.browsers import COOKIE
from shared.web.permit import doors_at, permit_of
from tests.support.alone import Alone

ROLES = [role for role in Role if role not in (Role.PUBLIC, Role.CHANNEL)]
SOME = {"uuid": "01990000-0000-7000-8000-000000000000", "int": "1", "date": "2026-11-23", "path": "x", "": "x"}
"""What stands for a part of a path."""
REFUSED_BY_THE_TABLE = {"no-session", "not-allowed"}


@pytest.fixture(params=SERVICES)
async def alone(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Alone]:
    async with Alone.at_work(service_of(request.param), tmp_path, monkeypatch) as alone:
        alone.now("11-23 09:00")
        yield alone


def doors_of(alone: Alone) -> list[tuple[str, str, Action]]:
    """Method, path and action of every door."""
    found = []
    for path, door in doors_at(alone.app.routes):
        permit = permit_of(door)
        assert permit
        concrete = re.sub(r"\{\w+(?::(\w+))?\}", lambda part: SOME[part[1] or ""], path)
        found += [(method, concrete, permit.action) for method in sorted(door.methods or ())]
    return found


async def test_a_door_opens_exactly_for_the_roles_of_its_action(alone: Alone) -> None:
    transport = httpx.ASGITransport(app=alone.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://alone") as client:
        for role in (*ROLES, Role.PUBLIC):
            actor = Actor("wer", "谁", role, "sq", "zrzy" if role is Role.OFFICER else None)
            token = "" if role is Role.PUBLIC else await alone.sessions.open(actor)
            for method, path, action in doors_of(alone):
                headers = {"authorization": f"Bearer {token}"} if token else {}
                answer = await client.request(method, path, headers=headers, json={} if method != "GET" else None)
                assert answer.status_code != 500, (method, path, role, answer.text)
                assert _is_refused(answer) == (role not in MAY[action]), (method, path, role, answer.text[:300])


async def test_a_page_without_login_leads_to_it_and_a_foreign_cookie_changes_nothing(alone: Alone) -> None:
    transport = httpx.ASGITransport(app=alone.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://alone") as client:
        client.cookies.set(
            COOKIE, await alone.sessions.open(Actor("wer", "谁", Role.CLERK, "sq")), domain="alone.local"
        )
        for method, path, action in doors_of(alone):
            if method in ("GET", "HEAD") or action is Action.LOG_IN:
                continue
            answer = await client.request(method, path, json={})
            assert answer.status_code == 403, (method, path)
            assert answer.json()["code"] in ("form-expired", "cross-site"), (method, path)
        client.cookies.clear()
        for method, path, action in doors_of(alone):
            if method == "GET" and not path.startswith("/api/") and Role.PUBLIC not in MAY[action]:
                answer = await client.get(path, headers={"accept": "text/html"})
                assert answer.status_code == 303, path
                assert answer.headers["location"].startswith("/directory/login?next="), path


def _is_refused(answer: httpx.Response) -> bool:
    if answer.status_code not in (401, 403):
        return False
    return answer.json()["code"] in REFUSED_BY_THE_TABLE
