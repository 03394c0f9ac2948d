"""A house with nobody in it: its operator makes the county's center and the first administrator, who makes the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.directory.app import service
from shared import clock
from shared.security.keys import form_tokens
from shared.security.operators import word_for
from tests.support.alone import Alone

PASSWORD = "Neuer-Mond-2026"


@pytest.fixture
async def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 09:00")
        yield alone


async def begun(directory: Alone, username: str = "guan", signed: str | None = None, **given: Any) -> tuple[int, str]:
    center = {"code": "sq", "name": "沈丘县政务服务中心", "area_code": "0394"}
    body = {"username": username, "name": "管理员", "password": PASSWORD, "center": center} | given
    word = word_for(username) if signed is None else signed
    headers = {"x-yousu-operator": word}
    answer = await directory.ask("POST", "administrators", json=body, headers=headers)
    return answer.status_code, answer.json().get("code", "")


async def test_the_operator_makes_the_first_administrator_who_then_works(directory: Alone) -> None:
    assert await begun(directory) == (201, "")
    login = {"username": "guan", "password": PASSWORD}
    token = (await directory.ask("POST", "login", json=login)).json()["token"]
    headers = {"authorization": f"Bearer {token}"}
    wang = {"kind": "member", "code": "wang", "name": "王磊", "role": "clerk", "center": "sq"}
    assert (await directory.ask("POST", "facts", json=wang, headers=headers)).status_code == 201


async def test_there_is_one_first_administrator_unless_it_is_forced(directory: Alone) -> None:
    assert await begun(directory) == (201, "")
    assert await begun(directory, "zweite") == (409, "has-administrator")
    assert await begun(directory, "zweite", force=True) == (201, "")


async def test_nobody_else_makes_one_and_no_word_makes_another(directory: Alone) -> None:
    told = f"administrator guan {clock.machine_now().isoformat()}"
    of_old = form_tokens().signed("administrator guan 2020-01-01T00:00:00+08:00", "operator")
    for signed in ("", "x.y", of_old, form_tokens().signed(told)):
        assert await begun(directory, signed=signed) == (403, "not-the-operator")
    assert await begun(directory, signed=word_for("other")) == (403, "not-the-operator")


async def test_a_center_that_is_not_there_and_a_poor_password_are_refused(directory: Alone) -> None:
    assert await begun(directory, center={"code": "sq"}) == (422, "invalid")
    assert await begun(directory, password="kurz") == (422, "weak-password")
