"""The moment between publishing and marking, in which the rig of faults holds relays: it must really hold one."""

import asyncio
from collections.abc import Mapping, Sequence

import asyncpg

from shared.messaging.outbox import relay
from shared.messaging.tables import OutboxRow
from tests.chaos.faults.processes import outbox_held
from tests.support.kernel import NewStore, Straight, announce_all, opened, unsent_in, until

LOCKED = "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'shop.outbox'::regclass AND mode = 'ShareLock')"


class Waits(Straight):
    """Has not published before somebody holds the outbox."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    async def publish(self, rows: Sequence[OutboxRow]) -> Mapping[str, str | None]:
        connection = await asyncpg.connect(self.url.replace("+asyncpg", ""))
        try:
            await until(lambda: connection.fetchval(LOCKED))
        finally:
            await connection.close()
        return await super().publish(rows)


async def test_a_relay_is_held_when_it_has_published_and_not_marked(new_store: NewStore, kernel_url: str) -> None:
    shop, transport, event = await new_store("shop"), Waits(kernel_url), opened()
    await announce_all(shop, [event])
    relaying = asyncio.create_task(relay(shop, transport))
    async with outbox_held(kernel_url, "shop"):
        assert (transport.published, await unsent_in(shop)) == ([event.event_id], {event.event_id})
        assert not relaying.done()
    await relaying
    assert await unsent_in(shop) == set()
