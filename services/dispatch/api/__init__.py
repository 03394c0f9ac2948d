"""The JSON doors of dispatch."""

from services.dispatch.api.doors import router

__all__ = ["router"]
