"""What the journal keeps of an event, and in which order its events are read."""

from collections.abc import Iterable
from itertools import chain
from typing import Any, TypeVar

from shared.events import Event
from shared.events.casebook import CaseCited, CasePublished, CaseReplaced, CaseWithdrawn
from shared.events.intake import ComplaintRegistered, PetitionerCorrected, SealedPetitioner
from shared.events.notify import MessageFailed

E = TypeVar("E", bound=Event)


def kept(event: Event) -> Event:
    """The event without personal data, sealed or not: the journal is for ever, a petitioner may be erased."""
    match event:
        case ComplaintRegistered():
            return event.model_copy(update={"petitioner": _nobody(event.petitioner), "query_code": ""})
        case PetitionerCorrected():
            return event.model_copy(update={"petitioner": _nobody(event.petitioner)})
        case MessageFailed():
            return event.model_copy(update={"recipient": "", "error": ""})
    return event


def _nobody(petitioner: SealedPetitioner) -> SealedPetitioner:
    return SealedPetitioner(kind=petitioner.kind, name="")


def complaint_of(event: Event) -> str | None:
    """The complaint an event belongs to; None where it belongs to none."""
    of_cases = CasePublished | CaseWithdrawn | CaseReplaced | CaseCited
    return event.complaint_id if isinstance(event, of_cases) else event.subject


def turn(event: Event) -> tuple[Any, ...]:
    """The key that puts events of one kind, or of one order, in the order they happened.

    A revision, where there is one, is the word of whoever owns the aggregate; time and id tell the rest.
    """
    return getattr(event, "revision", 0), event.at, event.event_id


class Journal:
    """The events of one complaint by kind, each kind in its order; the order between publishers is never looked at."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._by_kind: dict[type[Event], list[Any]] = {}
        for event in sorted(events, key=turn):
            self._by_kind.setdefault(type(event), []).append(event)

    def all(self, kind: type[E]) -> list[E]:
        """All events of this kind."""
        return self._by_kind.get(kind, [])

    def last(self, kind: type[E]) -> E | None:
        """The last of this kind."""
        events = self.all(kind)
        return events[-1] if events else None

    def some(self, *kinds: type[Event]) -> list[Any]:
        """All events of these kinds, which share a publisher and its revisions."""
        found = [events for kind in kinds if (events := self._by_kind.get(kind))]
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found), key=turn)
