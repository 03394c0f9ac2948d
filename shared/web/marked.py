"""The watermark of a file that a door hands out: a person's at a browser; a program's is the same bytes for all."""

from typing import Annotated

from fastapi import Depends, Request

from shared import clock
from shared.security.watermark import mark_of


async def _mark(request: Request) -> str | None:
    by_cookie = hasattr(request.state, "session")
    return mark_of(request.state.actor, clock.now()) if by_cookie else None


Marked = Annotated[str | None, Depends(_mark)]
"""What a door takes after the actor, that hands a list out as a file."""
