"""The pages of dispatch: the office's desk, orders and what is done to them, calls, departments, papers, oversight."""

from fastapi import APIRouter

from services.dispatch.pages import (
    calls,
    desk,
    enclosures,
    fragments,
    inspections,
    issued,
    mine,
    order,
    printing,
    supervised,
)

router = APIRouter()
for part in (desk, order, enclosures, calls, mine, printing, issued, supervised, inspections, fragments):
    router.include_router(part.router)
