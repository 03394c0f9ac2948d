"""The JSON doors of directory."""

from fastapi import APIRouter

from services.directory.api import calendars, contacts, facts, hours, house, logins

router = APIRouter(prefix="/api")
for part in (house, facts, logins, calendars, hours, contacts):
    router.include_router(part.router)
