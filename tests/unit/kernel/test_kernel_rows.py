"""New rows: their columns take what is given at once, all else as SQLAlchemy sets it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from services.dispatch.tables import Leg, Order
from shared.messaging.tables import ParkedRow


def test_a_row_is_what_it_was_given_and_of_the_rest_nothing() -> None:
    row = ParkedRow(event_id="e-1", attempts=1, awaits=None)
    assert (row.event_id, row.attempts, row.awaits, row.next_try_at) == ("e-1", 1, None, None)


def test_what_belongs_to_a_new_row_is_written_with_it() -> None:
    leg = Leg(complaint_id="c-1", number=1)
    order = Order(complaint_id="c-1", legs=[leg])
    with Session() as session:
        session.add(order)
        assert leg in session


def test_a_name_that_a_table_does_not_have_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="ParkedRow has no subject"):
        ParkedRow(subject="c-1")
