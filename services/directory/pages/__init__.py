"""The pages of directory: the page at /, and logging in, one's own account."""

from fastapi import APIRouter

from services.directory.pages import account, login

router = APIRouter()
for part in (login, account):
    router.include_router(part.router)
