"""The pages of dispatch."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
