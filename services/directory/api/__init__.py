"""The JSON doors of directory."""

from fastapi import APIRouter

from services.directory.api import calendars, facts, hours, house

router = APIRouter(prefix="/api")
for part in (house, facts, calendars, hours):
    router.include_router(part.router)
