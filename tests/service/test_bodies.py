"""How long a body may be: read no further at any door, whatever its sender says of it, and refused in words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.web.bodies import MEGABYTE, MOST, MOST_OF, WITH_FILES
from tests.support.intake import CLERK, WEB_KEY, Intake, intake_at_work

SAID = "提交的内容太大"
SETTLE = "complaints/01990000-0000-7000-8000-000000000000/settle"


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


class Endless:
    """A body of many megabytes; how many were read."""

    def __init__(self) -> None:
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(100):
            self.read += 1
            yield b"[" * MEGABYTE


@pytest.mark.parametrize("kind", ["application/json", "application/problem+json; charset=utf-8", "text/plain"])
async def test_a_body_is_read_no_further_than_may_be(intake: Intake, kind: str) -> None:
    body, most = Endless(), MOST if kind == "text/plain" else MOST_OF["application/json"]
    answer = await intake.ask("POST", SETTLE, CLERK, headers={"content-type": kind}, content=body)
    assert answer.status_code == 413
    assert SAID in answer.json()["detail"]
    assert body.read * MEGABYTE <= most + 2 * MEGABYTE


async def test_files_that_say_they_are_too_long_are_not_read_at_all(intake: Intake) -> None:
    said = {"content-type": f"{WITH_FILES}; boundary=x", "content-length": str(MOST_OF[WITH_FILES] + 1)}
    body = Endless()
    answer = await intake.knock("POST", "/file", headers=said | {"accept": "text/html"}, content=body)
    assert answer.status_code == 413
    assert SAID in answer.text
    assert "<h1" in answer.text
    assert body.read == 0


async def test_a_door_that_keeps_no_more_than_it_needs_says_itself_what_is_wrong(intake: Intake) -> None:
    body = Endless()
    headers = {"authorization": f"Bearer {WEB_KEY}", "content-type": "application/json"}
    answer = await intake.knock("POST", "/api/submissions", headers=headers, content=body)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == ["body"]
    assert body.read < 30, "the rest is read over for a while, so that the answer gets through"
