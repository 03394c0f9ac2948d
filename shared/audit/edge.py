"""A request as the log tells it: begun where it is permitted, finished by the transaction's edge or by the answer."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from shared import clock
from shared.ids import new_id
from shared.security.roles import PUBLIC, SENSITIVE, Action, Actor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
UNNAMED = frozenset({"link"})
"""Parts of a path that are secrets."""


@dataclass
class Entry:
    """What is known of a request so far."""

    action: Action
    door: str
    subject: str
    address: str
    is_change: bool
    actor: Actor = field(default=PUBLIC)
    denied: bool = False
    reason: str | None = None
    written: bool = False

    def is_told(self, status: int) -> bool:
        """Whether the log tells of it: every change, everything denied, and what is read of people's affairs."""
        return not self.written and (self.is_change or self.is_denied(status) or self.action in SENSITIVE)

    def is_denied(self, status: int) -> bool:
        """Whether it was refused for who asks."""
        return self.denied or status in (401, 403, 429)

    def told(self, status: int) -> dict[str, Any]:
        """It as it is kept, in the columns of `AuditRow`."""
        result = "denied" if self.is_denied(status) else "allowed" if status < 400 else "failed"
        return {
            "id": new_id(),
            "at": clock.machine_now(),
            "actor": self.actor.id[:80],
            "role": self.actor.role.value,
            "action": self.action.value,
            "door": self.door[:120],
            "subject": self.subject[:80],
            "address": self.address[:60],
            "result": result,
            "reason": self.reason,
        }


def begin(request: Request, action: Action) -> Entry:
    """A request has come to a door."""
    path = request.url.path
    for name, value in request.path_params.items():
        path = path.replace(f"/{value}", f"/{{{name}}}", 1)
    named = [str(value) for name, value in request.path_params.items() if name not in UNNAMED]
    entry = Entry(
        action,
        f"{request.method} {path}",
        named[0] if named else "",
        request.client.host if request.client else "",
        request.method not in SAFE,
    )
    request.state.audit = entry
    return entry


def note(request: Request, *, subject: str | None = None, reason: str | None = None) -> None:
    """What a door knows better: whom or what it is about, and why it was asked for."""
    entry: Entry = request.state.audit
    entry.subject = entry.subject if subject is None else subject
    entry.reason = entry.reason if reason is None else reason


def entered(request: Request, actor: Actor) -> None:
    """Who asks has logged in, and is known from here on."""
    request.state.audit.actor = actor


def entry_of(request: Request) -> Entry | None:
    """What is known of this request; None where no permit was asked for."""
    entry: Entry | None = getattr(request.state, "audit", None)
    return entry
