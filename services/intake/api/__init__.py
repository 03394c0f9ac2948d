"""The JSON doors of intake."""

from fastapi import APIRouter

from services.intake.api import complaints, ledger, submissions

router = APIRouter(prefix="/api")
for part in (submissions.router, complaints.router, complaints.ratings, ledger.router):
    router.include_router(part)
