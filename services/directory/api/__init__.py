"""The JSON doors of directory."""

from fastapi import APIRouter

from services.directory.api import calendars, contacts, facts, hours, house

router = APIRouter(prefix="/api")
for part in (house, facts, calendars, hours, contacts):
    router.include_router(part.router)
