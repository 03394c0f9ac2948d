"""A service's doors as one application under its prefix."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI

from shared.audit.keeping import collected
from shared.web import audit, parked, parked_page
from shared.web.audited import Audited
from shared.web.bodies import Bodies
from shared.web.once import Ended
from shared.web.openapi import describe
from shared.web.permit import must_have_permits
from shared.web.problems import answer_problems


def make_app(service: str, title: str, routers: Sequence[APIRouter], **state: Any) -> FastAPI:
    """The application of a service: its routers and those all have, problem documents, `api/openapi.json`.

    Raises `RuntimeError` for a door without a permit.
    """
    app = FastAPI(title=title, openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)
    for router in (*routers, parked.router, parked_page.router, audit.router):
        app.include_router(router)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    answer_problems(app)
    must_have_permits(app)
    app.state.service = service
    for name, value in state.items():
        setattr(app.state, name, value)
    app.add_middleware(Bodies)
    if "sessions" in state:
        app.add_middleware(Ended, sessions=state["sessions"])
    if "store" in state:
        app.add_middleware(Audited, collected=collected(state["store"]))
    return app
