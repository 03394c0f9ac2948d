"""PDF by typst. A layout is a file of ours and gets its data as JSON: whatever stands in it is text, never markup."""

import asyncio
from datetime import datetime, timedelta, timezone
from typing import Any

import orjson
import typst

from shared.papers.fonts import typefaces
from shared.papers.layouts import Layout, whole


async def pdf(layout: Layout, given: dict[str, Any], dated: datetime) -> bytes:
    """The paper, laid out in a thread; `dated` stands in its properties, so that the same paper is the same bytes.

    Raises `Unavailable` where there are no fonts.
    """
    return await asyncio.to_thread(_compiled, layout, given, dated)


def _compiled(layout: Layout, given: dict[str, Any], dated: datetime) -> bytes:
    faces = typefaces()
    told = orjson.dumps({"fonts": faces.facts, **faces.printable(given)}).decode()
    dated = dated.replace(microsecond=0)  # typst refuses a time that is more exact, and every real one is
    return typst.compile(
        whole(layout), font_paths=faces.fonts, ignore_system_fonts=True, sys_inputs={"given": told}, format="pdf",
        timestamp=dated.astimezone(timezone(dated.utcoffset() or timedelta())),
    )  # fmt: skip
