"""The JSON doors of casebook."""

from fastapi import APIRouter

from services.casebook.api import candidates, cases, deciding, synonyms

router = APIRouter(prefix="/api")
for part in (candidates, cases, deciding, synonyms):
    router.include_router(part.router)
