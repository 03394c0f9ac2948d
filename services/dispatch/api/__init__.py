"""The JSON doors of dispatch."""

from services.dispatch.api import doors, oversight, papers

routers = (papers.router, oversight.router, doors.router)

__all__ = ["routers"]
