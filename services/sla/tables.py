"""What sla owns: a row for each complaint, each clock, each mark of the office's own limits, each center's digest."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Column, Date, Enum, ForeignKey, Index, Integer, String, Table, Text, text
from sqlalchemy.orm import DeclarativeBase, attribute_keyed_dict, relationship

from services.sla.domain import Clock, Digest, InnerLimit, Mark, Order, Running, State
from shared.db import Instant
from shared.events.dispatch import LimitRule, Stage
from shared.events.sla import Rung, Step


class Base(DeclarativeBase):
    """The tables of sla."""


def _partial(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, postgresql_where=text(where), sqlite_where=text(where))


def _word(name: str, words: type[StrEnum], *, nullable: bool = False) -> Column[Any]:
    kind = Enum(words, native_enum=False, length=20, values_callable=lambda given: [word.value for word in given])
    return Column(name, kind, nullable=nullable)


orders = Table(
    "orders",
    Base.metadata,
    Column("complaint_id", String(36), primary_key=True),
    Column("closed_by", Integer),
)

clocks = Table(
    "clocks",
    Base.metadata,
    Column("complaint_id", String(36), ForeignKey("orders.complaint_id"), primary_key=True),
    Column("leg", Integer, primary_key=True, autoincrement=False),
    Column("center", String(36), nullable=False),
    Column("opened_by", Integer, nullable=False),
    Column("calendar", String(36), nullable=False),
    Column("calendar_revision", Integer, nullable=False),
    _word("stage", Stage),
    Column("round", Integer, nullable=False),
    _word("rule", LimitRule),
    Column("working_days", Integer),
    Column("committed_on", Date),
    Column("committed_by", Integer, nullable=False, server_default="0"),
    Column("has_co_handlers", Boolean, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("co_handlers_due_at", Instant),
    Column("revision", Integer, nullable=False),
    _word("state", State),
    Column("answered_round", Integer),
    Column("answered_at", Instant),
    Column("returned_at", Instant),
    Column("lifted_at", Instant),
    Column("urged_at", Instant),
    Column("supervised_at", Instant),
    Column("reported_at", Instant),
    _word("next_rung", Rung, nullable=True),
    Column("rung_at", Instant),
    Column("next_fire_at", Instant),
    Column("parties", Text),
    Column("levels", Text),
    # The sweep finds what is due without meeting what is only open.
    _partial("clocks_to_fire", "next_fire_at", where="next_fire_at IS NOT NULL"),
    _partial("clocks_running", "calendar", "calendar_revision", where="state = 'running'"),
)

inner_limits = Table(
    "inner_limits",
    Base.metadata,
    Column("complaint_id", String(36), ForeignKey("orders.complaint_id"), primary_key=True),
    Column("event_id", String(36), primary_key=True),
    Column("center", String(36), nullable=False),
    _word("mark", Mark),
    Column("place", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("names_office", String(36)),
    Column("leg", Integer),
    Column("office", String(36), nullable=False),
    _word("step", Step, nullable=True),
    _word("state", Running),
    Column("started_at", Instant),
    Column("due_at", Instant),
    Column("done_at", Instant),
    Column("reminded", Integer, nullable=False),
    Column("next_fire_at", Instant),
    _partial("inner_limits_to_fire", "next_fire_at", where="next_fire_at IS NOT NULL"),
    _partial("inner_limits_of_office", "office", "state", "due_at", where="step IS NOT NULL"),
)

digests = Table(
    "digests",
    Base.metadata,
    Column("center", String(36), primary_key=True),
    Column("next_at", Instant),
    Column("told_on", Date),
    Column("week_told", Date),
)

Base.registry.map_imperatively(Clock, clocks)
Base.registry.map_imperatively(Digest, digests)
Base.registry.map_imperatively(InnerLimit, inner_limits)
Base.registry.map_imperatively(
    Order,
    orders,
    properties={
        "clocks": relationship(Clock, collection_class=attribute_keyed_dict("leg"), lazy="selectin"),
        "inner_limits": relationship(InnerLimit, collection_class=attribute_keyed_dict("event_id"), lazy="selectin"),
    },
)
