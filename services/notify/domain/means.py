"""The ways to reach someone, and what becomes of a message on them.

The desk's console is always there: what is recorded for it stands on its desk's page, and has been told. Any other way
needs a provider, entered in `CONNECTED` by `app.py`; without one a message stays `recorded`, which is the truth: it
stands here and has reached nobody. (A partner's queue will need no provider: what goes there is written to the outbox
by the handler.)
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
    """What has become of a message; `recorded` goes on to another; what has reached nobody can be tried again."""

    RECORDED = "recorded"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"
    """Somebody has told the recipient otherwise, or need not; nobody tries it any more."""


class Standing(StrEnum):
    """The same as whoever looks after messages asks for it."""

    WAITING = "waiting"
    """It is being tried."""
    UNREACHED = "unreached"
    """It has reached nobody, and nothing carries it: its means is not connected."""
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"


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

    @property
    def standing(self) -> Standing:
        """It as it is asked for."""
        if self.state is State.RECORDED:
            return Standing.WAITING if self.waits else Standing.UNREACHED
        return Standing(self.state.value)


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


_STILL_TRYING = ("still-trying", "这条消息正在发送，请稍后查看结果。")
_NOT_AGAIN: Mapping[Standing, tuple[str, str] | None] = {
    Standing.SENT: ("already-sent", "这条消息已经送达，不需要重发。"),
    Standing.WAITING: _STILL_TRYING,
    Standing.UNREACHED: None,
    Standing.FAILED: None,
    Standing.GIVEN_UP: None,
}
_NOT_GIVEN_UP: Mapping[Standing, tuple[str, str] | None] = {
    Standing.SENT: ("already-sent", "这条消息已经送达，不需要处理。"),
    Standing.WAITING: _STILL_TRYING,
    Standing.UNREACHED: None,
    Standing.FAILED: None,
    Standing.GIVEN_UP: ("given-up-already", "这条消息已经决定不再发送。"),
}


def must_be_retriable(fate: Fate, means: Means, connected: Mapping[Means, Provider]) -> None:
    """Refuse to try again what was told, is being told, or cannot be told by this means."""
    if refusal := _NOT_AGAIN[fate.standing]:
        raise NotPossible(*refusal)
    if means not in connected:
        raise NotPossible("no-provider", "这种发送方式还没有接通，请改用电话告知，并请管理员接通后再试。")


def must_be_given_up(fate: Fate) -> None:
    """Refuse to give up what was told, is being told, or was given up."""
    if refusal := _NOT_GIVEN_UP[fate.standing]:
        raise NotPossible(*refusal)
