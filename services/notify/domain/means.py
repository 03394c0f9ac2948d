"""The ways to reach someone, and what becomes of a message on them.

The desk's console is always there: what is recorded for it has been told. Any other way needs a provider, entered in
`CONNECTED` by `app.py`; without one a message stays `recorded`, which is the truth: it stands here and has reached
nobody. (A partner's queue will need no provider: what goes there is written to the outbox by the handler.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from services.notify.domain.recipients import Kind
from shared.refusals import NotPossible


class Means(StrEnum):
    """The ways there are."""

    CONSOLE = "console"
    SMS = "sms"
    SMTP = "smtp"
    BUS = "bus"


class State(StrEnum):
    """What has become of a message; `recorded` goes on to one of the other two, and a failed one can be tried again."""

    RECORDED = "recorded"
    SENT = "sent"
    FAILED = "failed"


MEANS_OF: Mapping[Kind, Means] = dict.fromkeys(Kind, Means.CONSOLE) | {Kind.PETITIONER: Means.SMS}

ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Letter:
    """What a provider delivers. `message_id` is the same at every try: a provider that knows it sends nothing twice."""

    message_id: str
    address: str
    template: str
    params: Mapping[str, str]
    title: str
    text: str


class Provider(Protocol):
    """What carries letters out of the house by one means."""

    async def deliver(self, letters: Sequence[Letter]) -> Mapping[str, str | None]:
        """Deliver these; say of each, by its message id, that it is taken (None) or what went wrong."""


CONNECTED: dict[Means, Provider] = {}
"""The providers of this process. None is connected yet: a county names its gateway in `app.py`."""


@dataclass(frozen=True)
class Fate:
    """What a message is now, and whether the delivery job has it before it."""

    state: State
    waits: bool = False


def fate_of_new(means: Means, connected: Mapping[Means, Provider]) -> Fate:
    """What a message is when it is recorded."""
    return Fate(State.SENT) if means is Means.CONSOLE else Fate(State.RECORDED, waits=means in connected)


def fate_after(attempts: int, error: str | None) -> Fate:
    """What a message is after so many attempts, the last with this outcome."""
    if error is None:
        return Fate(State.SENT)
    return Fate(State.FAILED) if attempts >= ATTEMPTS else Fate(State.RECORDED, waits=True)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts, in real time."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 16)), LONGEST_PAUSE)


_NOT_AGAIN: Mapping[Fate, tuple[str, str] | None] = {
    Fate(State.SENT): ("already-sent", "这条消息已经送达，不需要重发。"),
    Fate(State.RECORDED, waits=True): ("still-trying", "这条消息正在发送，请稍后查看结果。"),
    Fate(State.RECORDED): None,
    Fate(State.FAILED): None,
}


def must_be_retriable(fate: Fate, means: Means, connected: Mapping[Means, Provider]) -> None:
    """Refuse to try again what was told, is being told, or cannot be told by this means."""
    if refusal := _NOT_AGAIN[fate]:
        raise NotPossible(*refusal)
    if means not in connected:
        raise NotPossible("no-provider", "这种发送方式还没有接通，请改用电话告知，并请管理员接通后再试。")
