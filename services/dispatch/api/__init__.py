"""The JSON doors of dispatch."""

from services.dispatch.api import doors, papers

routers = (papers.router, doors.router)

__all__ = ["routers"]
