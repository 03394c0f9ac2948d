"""A service's doors as one application under its prefix."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI

from shared.web import parked
from shared.web.permit import must_have_permits
from shared.web.problems import answer_problems


def make_app(service: str, title: str, routers: Sequence[APIRouter], **state: Any) -> FastAPI:
    """The application of a service: its routers, that of what is parked, problem documents, `api/openapi.json`.

    Raises `RuntimeError` for a door without a permit.
    """
    app = FastAPI(title=title, openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    for router in (*routers, parked.router):
        app.include_router(router)
    answer_problems(app)
    must_have_permits(app)
    app.state.service = service
    for name, value in state.items():
        setattr(app.state, name, value)
    return app
