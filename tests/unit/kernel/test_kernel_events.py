"""The envelope, and the ids that put events in order."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import sample
from uuid import UUID

import orjson
import pytest

from shared import ids
from shared.events import Undecodable, from_wire, known_events
from shared.events.base import Event, Fact, happened
from shared.ids import new_id
from shared.messaging import Consumer
from tests.support.kernel import NOON, added, opened
from tests.support.shop import BasketPaid, ItemAdded
from tests.support.till import TotalChanged


def test_an_event_travels_as_a_cloudevent() -> None:
    cause = opened()
    event = ItemAdded.follows(cause, price=7)
    assert orjson.loads(event.to_wire()) == {
        "specversion": "1.0",
        "id": event.event_id,
        "source": "/yousu/shop",
        "type": "yousu.item.added.v1",
        "subject": "b1",
        "time": "2026-11-23T12:00:00+08:00",
        "datacontenttype": "application/json",
        "dataschema": "urn:yousu:item.added.v1",
        "center": "sq",
        "causationid": cause.event_id,
        "data": {"price": 7},
    }
    assert event.routing_key == "item.added.v1.sq"


@pytest.mark.parametrize(
    "event",
    [
        opened(),
        added(price=-(2**53)),
        BasketPaid(at=NOON, center="sq", subject="b1", paid_at=NOON + timedelta(microseconds=1)),
        TotalChanged.follows(opened(), total=0),
        opened("篮子 \U0001f9fa \u2028 \"'\\"),
    ],
    ids=lambda event: event.full_type(),
)
def test_what_comes_off_the_wire_is_what_went_on(event: Event) -> None:
    assert from_wire(event.to_wire()) == event


def test_instants_come_back_in_china_whatever_zone_they_were_written_in() -> None:
    event = BasketPaid(at=NOON.astimezone(UTC), center="sq", subject="b1", paid_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert event.at.utcoffset() == event.paid_at.utcoffset() == timedelta(hours=8)
    assert event.at == NOON


def test_unknown_attributes_and_fields_are_ignored_and_data_cannot_pass_for_the_envelope() -> None:
    wire = orjson.loads(added(price=7).to_wire())
    wire |= {"traceparent": "00-1-2-00"}
    wire["data"] |= {"colour": "red", "event_id": "forged", "center": "forged", "at": "2001-01-01T00:00:00Z"}
    event = from_wire(orjson.dumps(wire))
    assert (event.event_id, event.center, event.at) == (wire["id"], "sq", NOON)


def test_what_cannot_be_read_says_why() -> None:
    with pytest.raises(Undecodable, match=r"yousu\.item\.added\.v1: 1 faults, first .*price"):
        from_wire(added().to_wire().replace(b'"price":1', b'"price":"much"'))


def test_a_type_is_declared_once_and_a_version_beside_it() -> None:
    with _nothing_declared():
        with pytest.raises(TypeError, match=r"item\.added\.v1 is declared twice"):

            class Again(Event, type="item.added"):
                pass

        class Second(Event, type="item.added", version=2):
            weight: int

        assert known_events()["item.added.v2"] is Second
        assert from_wire(added().to_wire()).__class__ is ItemAdded


def test_what_events_share_is_no_event() -> None:
    class Shared(Event):
        pass

    assert Shared not in known_events().values()
    assert not issubclass(Fact, Event)


def test_a_service_does_not_hear_itself() -> None:
    with pytest.raises(TypeError, match="hear from itself"):
        Consumer("shop").on(ItemAdded)


def test_events_of_one_instant_happened_in_the_order_of_their_ids() -> None:
    events = [added() for _ in range(50)]
    assert sorted(sample(events, len(events)), key=lambda event: happened(event.at, event.event_id)) == events


def test_ids_are_uuids_of_version_7_that_say_when_they_were_made() -> None:
    before = datetime.now(UTC)
    made = UUID(new_id())
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    told = datetime.fromtimestamp((made.int >> 80) / 1000, UTC)
    assert abs(told - before) < timedelta(seconds=2)


def test_ids_grow_and_are_unique_in_one_thread_and_in_many() -> None:
    start = threading.Barrier(8)

    def make(_: int) -> list[str]:
        start.wait()
        return [new_id() for _ in range(5000)]

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(make, range(8)))
    assert all(one < next_one for some in made for one, next_one in pairwise(some))
    assert len({one for some in made for one in some}) == 8 * 5000


def test_ids_grow_also_when_the_machines_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_id()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 0)
    later = [new_id() for _ in range(5000)]
    assert sorted(later) == later
    assert first < later[0]


@contextmanager
def _nothing_declared() -> Iterator[None]:
    """Forget what was declared within."""
    from shared.events import base

    before = dict(base._known)
    yield
    base._known.clear()
    base._known.update(before)
