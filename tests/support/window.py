"""The window's desk in a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.security.roles import Actor
from tests.support.browser import Browser
from tests.support.intake import Intake, intake_at_work

REGISTER, TODAY, REJECTED = "/intake/register", "/intake/today", "/intake/rejected"
TYPED = {
    "petitioner.name": "李秀英",
    "petitioner.phone": "13800005521",
    "petitioner.address": "槐店回族镇东关社区",
    "reported_at": "2026-09-28T09:12",
    "content": "2003年购买的集资房，原开发单位已注销，办理不动产登记时被告知缺少竣工验收备案材料。",
}


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


async def at(intake: Intake, actor: Actor, path: str = REGISTER) -> Browser:
    """This one's browser, at this page."""
    browser = await Browser(intake).logged_in(actor)
    await browser.open(path)
    return browser
