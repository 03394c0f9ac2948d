"""The JSON doors of intake."""

from fastapi import APIRouter

from services.intake.api import attachments, complaints, erasures, figures, ledger, repeats, submissions

router = APIRouter(prefix="/api")
for part in (
    submissions.router,
    repeats.router,
    complaints.router,
    complaints.ratings,
    attachments.router,
    attachments.uploads,
    erasures.router,
    ledger.router,
    figures.router,
):
    router.include_router(part)
