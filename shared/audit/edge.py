"""A request as the log tells it: begun where it is permitted, finished by the transaction's edge or by the answer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from shared import clock
from shared.ids import new_id
from shared.security.mask import mask_name, mask_text
from shared.security.roles import PUBLIC, SENSITIVE, Action, Actor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
UNNAMED = frozenset({"link"})
"""Parts of a path that are secrets."""
KEYWORDS = frozenset({"text", "q"})
"""What is looked for in words, and may be a name: the log tells how it begins."""
LONGEST_QUERY = 500
_NUMBER = re.compile(r"[A-Za-z][A-Za-z-]*-\d{4}-\d{1,6}")


@dataclass
class Entry:
    """What is known of a request so far."""

    action: Action
    door: str
    subject: str
    address: str
    is_change: bool
    is_refreshed: bool = False
    """Whether a page asks for it by itself, again and again: the page was told of."""
    query: str | None = None
    """What a list was narrowed to, as far as the log may hold it."""
    actor: Actor = field(default=PUBLIC)
    denied: bool = False
    reason: str | None = None
    written: bool = False
    left_out: bool = False
    """Whether the log has told of enough like it."""

    def is_told(self, status: int) -> bool:
        """Whether the log tells of it: every change, everything denied, and what is read of people's affairs."""
        if self.written or self.left_out:
            return False
        is_read = self.action in SENSITIVE and not self.is_refreshed
        return self.is_change or self.is_denied(status) or is_read

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
            "query": self.query,
        }


def begin(request: Request, action: Action) -> Entry:
    """A request has come to a door."""
    path = request.url.path
    for name, value in request.path_params.items():
        path = path.replace(f"/{value}", f"/{{{name}}}", 1)
    named = [str(value) for name, value in request.path_params.items() if name not in UNNAMED]
    is_part = "/fragments/" in path  # asked by POST only so that nothing typed stands in an address
    entry = Entry(
        action,
        f"{request.method} {path}",
        named[0] if named else "",
        request.client.host if request.client else "",
        is_change=request.method not in SAFE and not is_part,
        is_refreshed=is_part and not named,
        query=cleaned(_understood(request)) if action in SENSITIVE else None,
    )
    request.state.audit = entry
    return entry


def _understood(request: Request) -> Iterator[tuple[str, str]]:
    """What stands in the address and means something at this door: whatever else is typed there may be a name."""
    given, door = request.query_params.multi_items(), request.scope.get("route")
    names = _declared(door.dependant) if given and isinstance(door, APIRoute) else frozenset[str]()
    return ((name, value) for name, value in given if name in names)


def _declared(door: Dependant) -> frozenset[str]:
    """The names of all that a door, and what it depends on, takes from the address."""
    own = frozenset(field.alias for field in door.query_params)
    return own.union(*map(_declared, door.dependencies))


def cleaned(given: Iterable[tuple[str, str]]) -> str | None:
    """What was asked for, without what is blank and without personal data: `state=closed、text=孙**`."""
    told = "、".join(f"{name}={_harmless(name, value.strip())}" for name, value in given if value.strip())
    return "".join(filter(str.isprintable, told))[:LONGEST_QUERY] or None


def _harmless(name: str, value: str) -> str:
    """Words that were looked for may be somebody's name, beside a phone too: of those the first one stays."""
    if name in KEYWORDS and not _NUMBER.fullmatch(value) and any(map(str.isalpha, value)):
        return mask_name(value)
    return mask_text(value)


def note(request: Request, *, subject: str | None = None, reason: str | None = None, query: str | None = None) -> None:
    """What a door knows better: whom or what it is about, why it was asked for, and what a list was narrowed to."""
    entry: Entry = request.state.audit
    entry.subject = entry.subject if subject is None else subject
    entry.reason = entry.reason if reason is None else reason
    entry.query = entry.query if query is None else query


def entered(request: Request, actor: Actor) -> None:
    """Who asks has logged in, and is known from here on."""
    request.state.audit.actor = actor


def entry_of(request: Request) -> Entry | None:
    """What is known of this request; None where no permit was asked for."""
    entry: Entry | None = getattr(request.state, "audit", None)
    return entry
