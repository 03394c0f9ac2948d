"""PDF by typst. A layout is a file of ours and gets its data as JSON: whatever stands in it is text, never markup."""

import asyncio
from datetime import datetime, timedelta, timezone
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import orjson
import typst

from shared.papers.fonts import typefaces

_ROOT = Path(str(resources.files("shared"))).parent
"""Layouts import what they share by its place below this folder: `/shared/papers/templates/official.typ`."""


async def pdf(layout: Traversable, given: dict[str, Any], dated: datetime) -> bytes:
    """The paper, laid out in a thread; `dated` stands in its properties, so that the same paper is the same bytes.

    Raises `Unavailable` where there are no fonts.
    """
    return await asyncio.to_thread(_compiled, Path(str(layout)), given, dated)


def _compiled(layout: Path, given: dict[str, Any], dated: datetime) -> bytes:
    faces = typefaces()
    told = orjson.dumps({"fonts": faces.facts, **faces.printable(given)}).decode()
    return typst.compile(
        layout, root=_ROOT, font_paths=faces.fonts, ignore_system_fonts=True, sys_inputs={"given": told},
        format="pdf", timestamp=dated.astimezone(timezone(dated.utcoffset() or timedelta())),
    )  # fmt: skip
