"""How long a body may be: read no further at any door, whatever its sender says of it, and refused in words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.web.bodies import MEGABYTE, MOST, MOST_OF
from tests.support.intake import CLERK, Intake, intake_at_work

SAID = "提交的内容太大"
SETTLE = "complaints/01990000-0000-7000-8000-000000000000/settle"
JSON = {"content-type": "application/json"}


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


@pytest.mark.parametrize("kind", ["application/json", "application/problem+json; charset=utf-8"])
async def test_json_that_says_it_is_too_long_is_not_read(intake: Intake, kind: str) -> None:
    content = b"[" * (MOST_OF["application/json"] + 1)
    answer = await intake.ask("POST", SETTLE, CLERK, headers={"content-type": kind}, content=content)
    assert answer.status_code == 413
    assert SAID in answer.json()["detail"]


@pytest.mark.parametrize(("headers", "most"), [(JSON, MOST_OF["application/json"]), ({}, MOST)])
async def test_a_body_that_does_not_say_how_long_it_is_is_read_no_further_than_may_be(
    intake: Intake, headers: dict[str, str], most: int
) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(100):
            read += MEGABYTE
            yield b"x" * MEGABYTE

    answer = await intake.ask("POST", SETTLE, CLERK, headers=headers, content=endless())
    assert answer.status_code == 413
    assert read <= most + 2 * MEGABYTE


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
async def test_a_form_that_is_too_long_is_refused_on_a_page(intake: Intake, kind: str) -> None:
    said = {"content-type": f"{kind}; boundary=x", "content-length": str(MOST_OF[kind] + 1), "accept": "text/html"}
    answer = await intake.knock("POST", "/file", headers=said, content=b"x")
    assert answer.status_code == 413
    assert SAID in answer.text
    assert "<h1" in answer.text
