"""The pages of casebook: public cases to seek and read; the desks of those who write, approve and sign; synonyms."""

from fastapi import APIRouter

from services.casebook.pages import case, desks, fragments, public, synonyms, writing
from services.casebook.usecases.papers import FORMS
from shared.papers.pages import template_pages

router = APIRouter()
for part in (public, case, writing, desks, synonyms, fragments):
    router.include_router(part.router)
router.include_router(template_pages(FORMS))
