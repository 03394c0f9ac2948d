"""The pages of casebook: public cases to seek and read; the desks of those who write, approve and sign; synonyms."""

from fastapi import APIRouter

from services.casebook.pages import case, desks, fragments, public, synonyms, writing

router = APIRouter()
for part in (public, case, writing, desks, synonyms, fragments):
    router.include_router(part.router)
