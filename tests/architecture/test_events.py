"""Every event has one who tells it and one who listens, and each service says truly what it hears and announces."""

import importlib
import re

import pytest

from services.__main__ import consumer_of
from shared.events import Event
from shared.events.catalogue import contracts
from shared.messaging.topology import listeners
from shared.settings import SERVICES
from tests.architecture.code import calls, modules, names

EVENTS = contracts()
TYPES = {event.type for event in EVENTS.values()}
CLASSES = {event.__name__: event for event in EVENTS.values()}

every_event = pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
every_service = pytest.mark.parametrize("service", SERVICES)


def _announced_by(publisher: str) -> set[str]:
    return {event.type for event in EVENTS.values() if event.publisher == publisher}


def _said(text: str) -> set[str]:
    """The events a docstring names: each by its type, or `the directory`, or `everything <service> announces`."""
    said = set(re.findall(r"\b[a-z]+\.[a-z]+(?:_[a-z]+)*\b", text))
    for service in re.findall(r"everything (\w+) announces", text):
        said |= _announced_by(service)
    return said | (_announced_by("directory") if "the directory" in text else set())


def _sections(service: str) -> tuple[set[str], set[str]]:
    docstring = importlib.import_module(f"services.{service}").__doc__ or ""
    _, _, rest = docstring.partition("\nI hear: ")
    hears, _, announces = rest.partition("\nI announce: ")
    return _said(hears), _said(announces.partition("\n\n")[0])


@every_event
def test_an_event_is_heard_by_someone(event: type[Event]) -> None:
    assert listeners({service: consumer_of(service).handlers for service in SERVICES}).get(event.full_type())


@every_event
def test_an_event_is_announced_by_its_publisher(event: type[Event]) -> None:
    assert event.publisher in SERVICES
    assert any(event.__name__ in names(tree) for _, tree in modules(f"services/{event.publisher}"))


@every_service
def test_nobody_makes_an_event_of_another(service: str) -> None:
    for path, tree in modules(f"services/{service}"):
        for owner, name, line in calls(tree):
            made = CLASSES.get(owner if name == "follows" else name)
            assert made is None or made.publisher == service, f"{path}:{line} makes {made}"


@every_service
def test_a_service_hears_no_event_that_nobody_declares(service: str) -> None:
    assert {event.full_type() for event in consumer_of(service).handlers} <= set(EVENTS)


@every_service
def test_a_service_says_what_it_hears(service: str) -> None:
    assert _sections(service)[0] == {event.type for event in consumer_of(service).handlers}


@every_service
def test_a_service_says_what_it_announces(service: str) -> None:
    assert _sections(service)[1] == _announced_by(service)
