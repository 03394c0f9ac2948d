"""The JSON doors of casebook."""

from fastapi import APIRouter

from services.casebook.api import candidates, cases, deciding, papers, synonyms

router = APIRouter(prefix="/api")
for part in (candidates, papers, cases, deciding, synonyms):
    router.include_router(part.router)
