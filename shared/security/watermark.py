"""Who looks at a list or takes it out of the house, and when: on every page, and on every sheet of an export."""

from datetime import datetime
from typing import Any

from shared.security.roles import Actor
from shared.workdays import CHINA

LONGEST_NAME = 20
"""Of a name, so that username and time have room in the head and the foot of a sheet, which hold 255 characters."""


def mark_of(actor: Actor, at: datetime) -> str:
    """The watermark: `王芳（wang） 2026-09-28 10:05`."""
    return f"{actor.name[:LONGEST_NAME]}（{actor.id}） {at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def mark_sheet(sheet: Any, mark: str | None) -> None:
    """Print it at the head and the foot of an Excel sheet (xlsxwriter's); nothing where there is none."""
    if mark:
        told = mark.replace("&", "&&")  # one alone begins a code
        sheet.set_header(f"&R{told}")
        sheet.set_footer(f"&L{told}&R&P / &N")
