"""The pages of dispatch: the office's desk, an order and what is done to it, calls, departments, supervision."""

from fastapi import APIRouter

from services.dispatch.pages import calls, desk, enclosures, fragments, mine, order, supervised

router = APIRouter()
for part in (desk, order, enclosures, calls, mine, supervised, fragments):
    router.include_router(part.router)
