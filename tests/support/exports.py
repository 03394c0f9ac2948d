"""Exports as a person asks for them and fetches them, and the job that makes them, step by step."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import httpx
from sqlalchemy import func, select

from services.intake.jobs import JOBS
from services.intake.usecases import exporting
from shared.jobs import SteppedJob
from shared.security.roles import Actor, Role
from tests.support.browser import Browser
from tests.support.intake import CLERK, COUNTY, Intake

EXPORTS, PART, LEDGER = "/intake/exports", "/intake/fragments/exports", "/intake/ledger"
SUPERVISOR = Actor("ji", "纪", Role.SUPERVISOR, COUNTY)
MARK = "王（wang） 2026-09-28 10:00"
[MAKE] = [job for job in JOBS if isinstance(job, SteppedJob)]


async def asked(intake: Intake, actor: Actor = CLERK, page: str = LEDGER, **given: str) -> Browser:
    """This one has pressed the button on a page; what stands there then is the list of exports."""
    browser = await Browser(intake).logged_in(actor)
    await browser.open(page)
    answer = await browser.send(EXPORTS, **{"format": "xlsx"} | given)
    assert answer.status_code == 200, answer.text
    return browser


async def step(intake: Intake) -> bool:
    """Let the job do one step; whether there is more."""
    intake.woken.discard(exporting.MAKE)
    await MAKE.on(intake.store)()
    return exporting.MAKE in intake.woken


async def made(intake: Intake) -> None:
    """Let it make all there is to make."""
    while await step(intake):
        pass


async def address(intake: Intake, browser: Browser) -> str:
    """Of the newest export that this one can fetch, once all is made."""
    await made(intake)
    [newest, *_] = re.findall(rf'href="({EXPORTS}/[^"]+)"', (await browser.open(EXPORTS)).text)
    return str(newest)


async def fetched(intake: Intake, browser: Browser) -> httpx.Response:
    """The same export as it is handed out."""
    return await browser.client.get(await address(intake, browser))


async def count(intake: Intake, kind: Any) -> int:
    """How many of these there are."""
    async with intake.store.reading() as session:
        return await session.scalar(select(func.count()).select_from(kind)) or 0


def part(book: bytes, name: str) -> str:
    """What stands in a file of the archive that a workbook is."""
    with ZipFile(BytesIO(book)) as file:
        return file.read(name).decode()


def numbered(book: httpx.Response) -> list[str]:
    """What stands in its first column."""
    return re.findall(r'<c r="A\d+" s="\d+"><v>(\d+)</v>', part(book.content, "xl/worksheets/sheet1.xml"))
