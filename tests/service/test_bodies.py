"""How long a body may be: read no further at any door, whatever its sender says of it, and refused in words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.web.bodies import MOST, MOST_OF
from tests.support.intake import CLERK, Intake, intake_at_work

SAID = "提交的内容太大"


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


async def test_json_that_says_it_is_too_long_is_not_read(intake: Intake) -> None:
    answer = await intake.ask(
        "POST", "complaints/01990000-0000-7000-8000-000000000000/settle", CLERK, content=b"x" * (MOST + 1)
    )
    assert answer.status_code == 413
    assert SAID in answer.json()["detail"]


async def test_a_body_that_does_not_say_how_long_it_is_is_read_no_further_than_may_be(intake: Intake) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(100):
            read += 1024 * 1024
            yield b"x" * 1024 * 1024

    path = "complaints/01990000-0000-7000-8000-000000000000/settle"
    answer = await intake.ask("POST", path, CLERK, content=endless())
    assert answer.status_code == 413
    assert read <= MOST + 2 * 1024 * 1024


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_a_form_that_is_too_long_is_refused_on_a_page(intake: Intake, kind: str) -> None:
    most = MOST_OF.get(kind.partition(";")[0], MOST)
    headers = {"content-type": kind, "content-length": str(most + 1), "accept": "text/html"}
    answer = await intake.knock("POST", "/file", headers=headers, content=b"x")
    assert answer.status_code == 413
    assert SAID in answer.text
    assert "<h1" in answer.text
