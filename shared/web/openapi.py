"""What `api/openapi.json` says beside what FastAPI finds by itself: who may ask, and how a door refuses.

Every refusal is a problem document. Which there can be follows from what is known of a door: whether it takes a body,
names something, changes something; what else it refuses, its `responses` name (`{409: {}}`).
"""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from shared.security.roles import MAY, Action, Role
from shared.web.permit import doors_at, permit_of

PROBLEM = "application/problem+json"
_BEARER = "bearer"
_CONVERTER = re.compile(r":\w+}")
"""How a path says what its part is read as; the document's paths do not."""
_SCHEMAS: dict[str, Any] = {
    "Fault": {
        "type": "object",
        "description": "One thing wrong with what was given.",
        "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
        "required": ["field", "message"],
    },
    "Problem": {
        "type": "object",
        "description": "Why something was not done (RFC 9457).",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "detail": {"type": "string"},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
        },
        "required": ["type", "title", "status", "code", "detail"],
    },
}
_WHY = {
    400: "The body cannot be read.",
    401: "Nobody has logged in, or the key is unknown.",
    403: "Not for this actor.",
    404: "There is no such thing, or none this actor may know of.",
    409: "Not in this state, or not again.",
    413: "Too large.",
    422: "Something given is wrong; `errors` names every fault.",
    429: "Not so often; Retry-After says when again.",
    503: "A part of the house is away; the same again later may succeed.",
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _described(app)
    return app.openapi_schema


def _described(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas |= _SCHEMAS
    components["securitySchemes"] = {_BEARER: {"type": "http", "scheme": "bearer"}}
    for action, method, operation in _operations(app, document):
        operation["x-roles"] = sorted(MAY[action])
        operation["security"] = [{_BEARER: []}, *([{}] if Role.PUBLIC in MAY[action] else [])]
        own = {int(status) for status in operation["responses"] if status.isdecimal() and int(status) >= 400}
        for status in sorted({*_refusals(method, operation), *own}):
            operation["responses"][str(status)] = {
                "description": _WHY[status],
                "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
    return document


def _operations(app: FastAPI, document: dict[str, Any]) -> Iterator[tuple[Action, str, dict[str, Any]]]:
    for path, door in doors_at(app.routes):
        permit = permit_of(door)
        if permit and door.include_in_schema:
            for method in door.methods or ():
                yield permit.action, method, document["paths"][_CONVERTER.sub("}", path)][method.lower()]


def _refusals(method: str, operation: dict[str, Any]) -> Iterator[int]:
    given = operation.get("parameters", [])
    takes_body = "requestBody" in operation
    yield from (401, 403, 429, 503)
    if method != "GET":
        yield 409
    if given or takes_body:
        yield from (404, 422)
    if takes_body:
        yield from (400, 413)
