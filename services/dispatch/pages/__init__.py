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
from services.dispatch.usecases.papers import FORMS
from shared.papers.pages import template_pages

router = APIRouter()
for part in (desk, order, enclosures, calls, mine, printing, issued, supervised, inspections, fragments):
    router.include_router(part.router)
router.include_router(template_pages(FORMS))
