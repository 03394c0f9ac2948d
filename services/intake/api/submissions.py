"""The door of every channel: one submission as JSON, or many as lines (contract, HTTP)."""

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel

from services.intake.domain.body import MOST_READ_BYTES
from services.intake.domain.fields import Refused
from services.intake.usecases import mending
from services.intake.usecases.receive import Arrival, receive
from services.intake.usecases.register import Registered
from shared.security.roles import Action, Actor
from shared.web.bodies import may_be_longer
from shared.web.permit import permit
from shared.web.problems import problem
from shared.web.session import Reader, writing
from shared.web.together import together

router = APIRouter(tags=["submissions"])

LINES = "application/x-ndjson"
MOST_BATCH_BYTES = 10 * 1024 * 1024
MOST_LINES = 10_000


class Receipt(BaseModel):
    """What the petitioner is told at once."""

    number: str
    complaint_id: str
    query_code: str


class Reason(BaseModel):
    """One thing that was wrong."""

    field: str
    message: str


class Rejected(BaseModel):
    """A submission that could not be registered."""

    id: str
    at: AwareDatetime
    center: str | None
    source: str
    source_ref: str | None
    in_reply_to: str
    errors: list[Reason]


_BODY = {"requestBody": {"content": {"application/json": {}, LINES: {}}, "required": True}}


@router.post(
    "/submissions",
    status_code=201,
    response_model=Receipt,
    responses={200: {"model": Receipt, "content": {LINES: {}}, "description": "A repeat, or lines"}},
    openapi_extra=_BODY,
)
async def submit(request: Request, actor: Annotated[Actor, permit(Action.REGISTER)]) -> Response:
    """Register one complaint (201; 200 with the same body for a repeat; 422 with every fault), or one a line.

    What is refused is kept, and told again on the channel's feedback. Those that arrive at once share a transaction:
    each would hold its center's counter until its commit, and they would wait in a row.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == LINES:
        return await _submit_lines(request, actor)
    body = await _read(request, MOST_READ_BYTES)
    outcome = await together(request, receive, Arrival(body, actor))
    if isinstance(outcome, Refused):
        return problem(outcome.status, outcome.code, outcome.message, outcome.errors)
    return JSONResponse(_receipt(outcome), 200 if outcome.repeated else 201)


async def _submit_lines(request: Request, actor: Actor) -> Response:
    body = await _read(request, MOST_BATCH_BYTES)
    if len(body) > MOST_BATCH_BYTES:
        return problem(413, "too-large", f"一批最多{MOST_BATCH_BYTES // 1024 // 1024}MB，请分批提交；这一批没有登记。")
    lines = [(place, line) for place, line in enumerate(body.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        return problem(413, "too-many-lines", f"一批最多{MOST_LINES}件，请分批提交；这一批没有登记。")
    async with writing(request) as session:
        outcomes = await receive(session, [Arrival(line, actor) for _, line in lines])
    answers = [_line(place, outcome) for (place, _), outcome in zip(lines, outcomes, strict=True)]
    return Response(b"".join(orjson.dumps(answer) + b"\n" for answer in answers), media_type=LINES)


def _line(place: int, outcome: Registered | Refused) -> dict[str, Any]:
    if isinstance(outcome, Refused):
        errors = [{"field": fault.field, "message": fault.message} for fault in outcome.faults]
        return {"line": place, "status": outcome.status, "errors": errors}
    return {"line": place, "status": 200 if outcome.repeated else 201, **_receipt(outcome)}


def _receipt(outcome: Registered) -> dict[str, str]:
    return {"number": outcome.number, "complaint_id": outcome.complaint_id, "query_code": outcome.query_code}


async def _read(request: Request, most: int) -> bytes:
    """The body; of a longer one, one byte more than `most`, the rest read over so that an answer gets through."""
    may_be_longer(request, 3 * MOST_BATCH_BYTES)
    kept, seen = bytearray(), 0
    async for chunk in request.stream():
        seen += len(chunk)
        kept += chunk[: most + 1 - len(kept)]
        if seen > 2 * MOST_BATCH_BYTES:
            break
    return bytes(kept)


@router.get("/rejected")
async def rejected(
    session: Reader,
    actor: Annotated[Actor, permit(Action.READ_COMPLAINT)],
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Sequence[Rejected]:
    """The newest submissions that could not be registered, and why."""
    return [
        Rejected(
            id=row.id,
            at=row.at,
            center=row.center,
            source=row.source,
            source_ref=row.source_ref,
            in_reply_to=row.in_reply_to,
            errors=[Reason.model_validate(fault) for fault in row.faults],
        )
        for row in await mending.rejected(session, actor, limit)
    ]
