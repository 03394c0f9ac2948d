"""A service for testing the kernel only: the till hears the shop, adds up, and tells what it has added up.

Its effects are chosen so that one too many or one too few is seen: a running total, a row without any unique key, and
an event announced.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.events.base import Event
from shared.messaging import Consumer, Unknown, announce
from tests.support.shop import BasketOpened, ItemAdded


class TotalChanged(Event, type="total.changed"):
    """What a basket costs by now."""

    total: int


class Base(DeclarativeBase):
    """The tables of the till."""


class Basket(Base):
    """The aggregate."""

    __tablename__ = "baskets"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    total: Mapped[int]


class Effect(Base):
    """One row for each time an event took effect."""

    __tablename__ = "effects"

    number: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(80))


class Receipt(Base):
    """Whether there is such a basket is looked for only at the commit."""

    __tablename__ = "receipts"

    number: Mapped[int] = mapped_column(primary_key=True)
    basket: Mapped[str | None] = mapped_column(ForeignKey("baskets.id", deferrable=True, initially="DEFERRED"))


HEARD: Mapping[str, Sequence[type[Event]]] = {"till": (BasketOpened, ItemAdded), "shop": (TotalChanged,)}
"""Who hears what where the shop hears the till in its turn."""

Interruption = Callable[[Event, AsyncSession], Awaitable[None]]


async def _nothing(_: Event, __: AsyncSession) -> None:
    return


class Till:
    """The till's consumer, with a place where a test can interrupt it: half-way through, its first half flushed."""

    def __init__(self) -> None:
        self.consumer = Consumer("till")
        self.interruption: Interruption = _nothing
        self.batches: list[list[str]] = []
        """The ids of each batch that reached the handlers, also of those rolled back."""
        self.consumer.before_each_batch(self.lock_baskets)
        self.consumer.on(BasketOpened)(self.open_basket)
        self.consumer.on(ItemAdded)(self.add_up)
        self.consumer.on(ItemAdded)(self.tell_total)

    def fail_once(self, error: Exception, *event_ids: str) -> None:
        """Raise this half-way through the next of these events (of any, when none is named), and then no more."""

        async def raise_once(event: Event, _: AsyncSession) -> None:
            if not event_ids or event.event_id in event_ids:
                self.interruption = _nothing
                raise error

        self.interruption = raise_once

    def fail_always(self, error: Exception, *event_ids: str) -> None:
        """Raise this half-way through these events (through any, when none is named)."""

        async def raise_always(event: Event, _: AsyncSession) -> None:
            if not event_ids or event.event_id in event_ids:
                raise error

        self.interruption = raise_always

    def recover(self) -> None:
        """Fail no more."""
        self.interruption = _nothing

    async def lock_baskets(self, events: Sequence[Event], session: AsyncSession) -> None:
        """Load the batch's baskets with one query."""
        self.batches.append([event.event_id for event in events])
        subjects = {event.subject for event in events}
        await session.scalars(select(Basket).where(Basket.id.in_(subjects)).order_by(Basket.id).with_for_update())

    async def open_basket(self, event: BasketOpened, session: AsyncSession) -> None:
        """A basket with nothing in it."""
        session.add(Basket(id=event.subject, total=0))
        await self._take_effect(event, session)

    async def add_up(self, event: ItemAdded, session: AsyncSession) -> None:
        """The basket costs more."""
        basket = await session.get(Basket, event.subject)
        if basket is None:
            raise Unknown(event.subject)
        basket.total += event.price
        await self._take_effect(event, session)

    async def tell_total(self, event: ItemAdded, session: AsyncSession) -> None:
        """Everyone hears what the basket costs."""
        basket = await session.get_one(Basket, event.subject)
        announce(session, TotalChanged.follows(event, total=basket.total))

    async def _take_effect(self, event: Event, session: AsyncSession) -> None:
        session.add(Effect(event_id=event.event_id))
        if self.interruption is not _nothing:
            await session.flush()
            await self.interruption(event, session)
