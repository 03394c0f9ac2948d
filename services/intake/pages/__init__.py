"""The pages of intake: the window's desk, the ledger, the figures, exports, one complaint, and the petitioners' own."""

from fastapi import APIRouter

from services.intake.pages import complaint, desk, exports, figures, ledger, mend, petitioner, register

router = APIRouter()
for part in (register, desk, mend, complaint, ledger, figures, exports, petitioner):
    router.include_router(part.router)
