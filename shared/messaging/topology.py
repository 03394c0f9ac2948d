"""Exchanges, queues and bindings, in one place; the broker's definitions file and AsyncAPI are written from it."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.events import Event

EVENTS = "yousu.events"
PARTNERS = "yousu.partners"
CHANNELS = "yousu.channels"
DEPARTMENTS = "yousu.departments"
DEAD = "yousu.dead"
EXCHANGES = (EVENTS, PARTNERS, CHANNELS, DEPARTMENTS)
"""All topic exchanges."""

QUEUE_ARGUMENTS: Mapping[str, Any] = {
    "x-queue-type": "quorum",
    "x-dead-letter-exchange": DEAD,
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
    # Only crashes and lost connections count deliveries here: failures are parked, never sent back to the queue.
    "x-delivery-limit": 100,
}


def queue_of(service: str) -> str:
    """The queue a service reads the others' events from."""
    return f"{service}.events"


def binding_of(event: type[Event]) -> str:
    """The pattern under which an event reaches a queue from every center."""
    return f"{event.full_type()}.*"


def listeners(heard: Mapping[str, Iterable[type[Event]]]) -> dict[str, set[str]]:
    """From what each service hears, who listens to each event (by its full type)."""
    found: dict[str, set[str]] = {}
    for service, events in heard.items():
        for event in events:
            found.setdefault(event.full_type(), set()).add(service)
    return found
