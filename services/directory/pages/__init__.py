"""The pages of directory: /, logging in, one's own account; what there is, who works here, which days; a drill."""

from fastapi import APIRouter

from services.directory.pages import (
    account,
    calendar,
    drill,
    facts,
    hours,
    imports,
    local_days,
    login,
    meetings,
    notices,
    places,
    roles,
    staff,
)

router = APIRouter()
for part in (
    login,
    account,
    facts,
    staff,
    places,
    meetings,
    roles,
    imports,
    calendar,
    local_days,
    hours,
    notices,
    drill,
):
    router.include_router(part.router)
