"""The pages of notify: none of its own; what it has told is shown on the pages of the complaint, from its door."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
