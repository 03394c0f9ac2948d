"""The product with one promise taken away, in a process of the rig's; the product itself has no such switch."""

from collections.abc import Callable, Sequence
from typing import Any


def _inbox_off() -> None:
    """Every delivery counts as the first."""
    from shared.messaging import taking

    async def claim(self: Any, session: Any, names: Sequence[str]) -> set[str]:
        await claimed(self, session, names)
        return set(names)

    claimed = taking.Taker._claim
    taking.Taker._claim = claim  # type: ignore[method-assign]


def _non_persistent() -> None:
    """Messages are published for the broker's memory only."""
    import aio_pika

    class Forgettable(aio_pika.Message):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named | {"delivery_mode": aio_pika.DeliveryMode.NOT_PERSISTENT})

    aio_pika.Message = Forgettable  # type: ignore[misc]


def _ack_before_commit() -> None:
    """A delivery is acknowledged when it arrives."""
    from shared.messaging.rabbit import RabbitTransport

    async def serve(self: Any, queue: str) -> None:
        arrived, take = self._arrived[queue], self._takers[queue]
        while True:
            batch = [await arrived.get()]
            while len(batch) < self._batch and not arrived.empty():
                batch.append(arrived.get_nowait())
            for message in batch:
                await message.ack()
            await take(batch)

    RabbitTransport._serve = serve  # type: ignore[method-assign]


def _default_ack_policy() -> None:
    """What FastStream does by itself: a handler that raises rejects its message."""
    from faststream.rabbit import RabbitQueue
    from faststream.rabbit.schemas.queue import QueueType

    from shared.messaging.rabbit import RabbitTransport
    from shared.messaging.taking import Taker

    async def once(self: Any, messages: Sequence[Any]) -> None:
        await self._take(messages, patient=True)

    def subscribe(self: Any, broker: Any, name: str) -> None:
        queue = RabbitQueue(name, queue_type=QueueType.QUORUM, durable=True, declare=False)

        async def whole(message: Any) -> Any:
            return message

        @broker.subscriber(queue, decoder=whole, no_reply=True)
        async def arrive(message: Any) -> None:
            await self._takers[name]([message])

    Taker.take = once  # type: ignore[method-assign]
    RabbitTransport._subscribe = subscribe  # type: ignore[method-assign]


def _marked_before_confirm() -> None:
    """The outbox notes a message as sent when it has been handed to the socket."""
    import asyncio

    from shared.messaging.rabbit import RabbitTransport

    published = RabbitTransport.publish
    pending: set[Any] = set()

    async def publish(self: Any, rows: Sequence[Any]) -> dict[str, None]:
        task = asyncio.create_task(published(self, rows))
        pending.add(task)
        task.add_done_callback(pending.discard)
        await asyncio.sleep(0)
        return {row.message_id: None for row in rows}

    RabbitTransport.publish = publish  # type: ignore[method-assign,assignment]


def _rungs_not_unique() -> None:
    """Whoever asks for a rung gets it."""
    from services.dispatch.domain import ladder
    from services.dispatch.usecases import escalating

    climbed = escalating.climb

    async def climb(session: Any, order: Any, leg: Any, due: Any, now: Any) -> None:
        given = list(leg.rungs)
        if any(fired.rung is due.rung for fired in given) and ladder.fires(due.instant, leg.answered_at):
            late = ladder.late_parties(order.answered(leg), due.instant)
            told = {"fell_due_at": due.instant, "caused_by": due.event_id, "requirement": None}
            escalating._tell(session, order, leg, due.rung, now, late, **told)
            return
        await climbed(session, order, leg, due, now)

    escalating.climb = climb


def _versions_off() -> None:
    """Whatever is heard last replaces what was known."""
    from services.dispatch import consumers, store
    from shared.events.intake import ComplaintTriaged

    async def open_order(event: Any, session: Any) -> None:
        if order := store.find_order_at_hand(session, event.subject):
            order.triage_revision = -1
        await consumers.open_order(event, session)

    consumers.consumer.handlers[ComplaintTriaged] = [open_order]


MUTANTS: dict[str, Callable[[], None]] = {
    "inbox off": _inbox_off,
    "non-persistent publish": _non_persistent,
    "ack before commit": _ack_before_commit,
    "default ack policy": _default_ack_policy,
    "outbox marked before confirm": _marked_before_confirm,
    "rung uniqueness off": _rungs_not_unique,
    "version check off": _versions_off,
}


def weaken(name: str) -> None:
    """Take this promise away from the process; none for the product as it is."""
    if name:
        MUTANTS[name]()
