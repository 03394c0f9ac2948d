"""The pages of notify: what each desk was told, every message's fate, those about a complaint, and their words."""

from fastapi import APIRouter

from services.notify.pages import complaint, fragments, inbox, messages, wordings

router = APIRouter()
for part in (inbox, messages, complaint, wordings, fragments):
    router.include_router(part.router)
