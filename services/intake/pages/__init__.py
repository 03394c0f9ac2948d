"""The pages of intake: the window's desk, the ledger, the figures, one complaint, and the petitioners' own."""

from fastapi import APIRouter

from services.intake.pages import complaint, desk, figures, ledger, petitioner, register

router = APIRouter()
for part in (register, desk, complaint, ledger, figures, petitioner):
    router.include_router(part.router)
