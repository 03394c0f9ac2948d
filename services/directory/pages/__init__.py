"""The pages of directory: the page at /, and logging in, one's own account, a drill's bar."""

from fastapi import APIRouter

from services.directory.pages import account, drill, login

router = APIRouter()
for part in (login, account, drill):
    router.include_router(part.router)
