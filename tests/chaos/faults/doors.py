"""What the doors must say while a server is away, asked at that moment."""

import time
from typing import Any

from tests.chaos.faults.fault import Scene
from tests.chaos.parties import Answer

PROMPT = 5.0
"""Seconds in which somebody is told that it is not possible now."""
CHANNEL, STAFF, ANYONE = "sample-web", "ys_whoever", None
SUBMISSION = ("POST", "/intake/api/submissions", CHANNEL)
STANDING = ("GET", "/intake/api/complaints/SQ-2020-0001?code=AAAAAA", ANYONE)
ORDERS = ("GET", "/dispatch/api/orders", STAFF)
LOGIN = ("POST", "/directory/api/login", ANYONE)
CASES = ("GET", "/casebook/api/cases", ANYONE)
OF_A_COORDINATOR = ("/dispatch/api/orders", "/sla/api/inner-limits", "/notify/api/messages")

Question = tuple[str, str, str | None]


async def staff_are_told_so(scene: Scene) -> None:
    """Without Redis: what needs no session is answered as ever, and staff are told to come again."""
    await _must_be(scene, "Redis", SUBMISSION, 422, {})
    await _must_be(scene, "Redis", STANDING, 404)
    await _must_be(scene, "Redis", ORDERS, 503)


async def every_door_says_when_to_come_again(scene: Scene) -> None:
    """Without the database: a clear 503 with Retry-After, and nothing done."""
    await _must_be(scene, "the database", SUBMISSION, 503, {})
    await _must_be(scene, "the database", STANDING, 503)
    await _must_be(scene, "the database", LOGIN, 503, {"username": "clerk", "password": "?"})
    await _must_be(scene, "the database", CASES, 503)
    for path in OF_A_COORDINATOR:
        answer = await scene.parties.as_member("coordinator", "sq", None, "GET", path)
        _judge(scene, "the database", path, answer, 503)


async def _must_be(
    scene: Scene, server: str, question: Question, status: int, given: dict[str, Any] | None = None
) -> None:
    method, path, secret = question
    begun = time.monotonic()
    _judge(scene, server, path, await scene.parties.once(method, path, secret, given), status)
    if (took := time.monotonic() - begun) > PROMPT:
        scene.late.append(f"without {server} {path} took {took:.1f} s")


def _judge(scene: Scene, server: str, path: str, answer: Answer, status: int) -> None:
    if answer.status != status:
        scene.findings.append(f"without {server} {path} answered {answer.status} {answer.code}, not {status}")
