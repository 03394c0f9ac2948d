"""Debian's Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

NOWHERE_ELSE = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""No name leads anywhere: what Chromium does of its own accord asks nobody either."""


NO_GPU = ("--disable-gpu", "--disable-software-rasterizer", "--in-process-gpu")
"""There is none, and a process that stands in for it costs a sixth of each page."""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """One of one's own; root can have it only without its sandbox."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            chromium_sandbox=os.geteuid() != 0,
            args=[f"--host-resolver-rules={NOWHERE_ELSE}", "--lang=zh-CN", *NO_GPU],
        )
        try:
            yield browser
        finally:
            await browser.close()
