"""The pages of notify: messages and their fate, those about a complaint, and the words of the messages."""

from fastapi import APIRouter

from services.notify.pages import complaint, fragments, messages, wordings

router = APIRouter()
for part in (messages, complaint, wordings, fragments):
    router.include_router(part.router)
