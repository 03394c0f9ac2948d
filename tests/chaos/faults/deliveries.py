"""Messages that come again, come in any order, are asked twice, or are poison."""

import asyncio
import hashlib
import secrets

import aio_pika
import orjson
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from services.__main__ import consumer_of
from shared.events.intake import ComplaintCorrected, ComplaintTriaged
from shared.events.sla import RungDue
from shared.ids import new_id
from shared.messaging import topology
from shared.settings import SERVICES
from tests.chaos.bus import ANSWERS_WITHIN, connected
from tests.chaos.faults.fault import Fault, Missed, Scene
from tests.chaos.house import REPLICAS

COPIES = 3
MOST = 500
"""Of what waits, how much comes again."""
LISTENERS = topology.listeners({name: list(consumer_of(name).handlers) for name in SERVICES})


async def double(scene: Scene) -> None:
    """The last events come again, three times each, in any order."""
    if not scene.ears.recent:
        raise Missed
    await _repeat(scene, list(scene.ears.recent)[-50:])


async def echo(scene: Scene) -> None:
    """Until cancelled, whatever is announced comes three times more, a second late and in any order."""
    while True:
        await asyncio.sleep(1)
        announced = list(scene.ears.unrepeated)
        scene.ears.unrepeated.clear()
        await _repeat(scene, announced)


async def _repeat(scene: Scene, events: list[tuple[str, bytes]]) -> None:
    again = [event for event in events for _ in range(COPIES)]
    scene.chance.shuffle(again)
    await _say_all(
        scene, [(topology.queue_of(service), body) for kind, body in again for service in LISTENERS.get(kind, ())]
    )


async def shuffle(scene: Scene) -> list[str]:
    """What waits for a service that is down comes three times each, and in any order."""
    service = scene.chance.choice(list(REPLICAS))
    processes = scene.house.processes_of(service)
    async with scene.holding(*processes):
        for process in processes:
            await scene.house.kill(process)
        await asyncio.sleep(1.5)
        shuffling = asyncio.create_task(_shuffle(scene, topology.queue_of(service)))
        # Another fault may end the connection, and who waits on it may not be told; what was not taken is still there.
        done, _ = await asyncio.wait({shuffling}, timeout=ANSWERS_WITHIN)
        shuffled = await asyncio.gather(*done, return_exceptions=True)
        shuffling.cancel()
        for process in processes:
            await scene.house.spawn(process)
    if not any(isinstance(each, int) and each for each in shuffled):
        raise Missed
    return processes


async def _shuffle(scene: Scene, name: str) -> int:
    """How many that waited have come again."""
    async with connected(scene.house.amqp_url) as connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=MOST)
        waiting: list[AbstractIncomingMessage] = []
        queue = await channel.get_queue(name, ensure=False)

        async def keep(message: AbstractIncomingMessage) -> None:
            waiting.append(message)

        reading = await queue.consume(keep)
        await asyncio.sleep(1)
        await queue.cancel(reading)
        await _lay_back(scene, channel, name, waiting)
        return len(waiting)


async def _lay_back(scene: Scene, channel: AbstractChannel, name: str, waiting: list[AbstractIncomingMessage]) -> None:
    again = [message for message in waiting for _ in range(COPIES)]
    scene.chance.shuffle(again)
    for message in again:
        copy = aio_pika.Message(
            message.body,
            message_id=message.message_id,
            type=message.type,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        await channel.default_exchange.publish(copy, name)
    for message in waiting:
        await message.ack()
    scene.copies += len(again) - len(waiting)


async def ask_twice(scene: Scene) -> None:
    """Rungs are asked for once more, under another id: as by an sla that was restored from its backup."""
    asked = [body for kind, body in scene.ears.recent if kind == RungDue.full_type()]
    if not asked:
        raise Missed
    for body in asked[-20:]:
        event_id = new_id()
        scene.forged.add(event_id)
        await scene.voice.say("", topology.queue_of("dispatch"), orjson.dumps(orjson.loads(body) | {"id": event_id}))
    scene.copies += len(asked[-20:])


async def tell_old_news(scene: Scene) -> None:
    """How complaints were sorted at first is told once more, under another id: what was sorted anew must stand."""
    told = [orjson.loads(body) for kind, body in scene.ears.recent if kind == ComplaintTriaged.full_type()]
    if not (at_first := [each for each in told if each["data"]["revision"] == 1][-10:]):
        raise Missed
    for body in at_first:
        event_id = new_id()
        scene.forged.add(event_id)
        scene.copies += 1
        await scene.voice.say("", topology.queue_of("dispatch"), orjson.dumps(body | {"id": event_id}))


async def poison(scene: Scene) -> list[str]:
    """Bytes that are no event, an event of no known type, and one that every handler chokes on."""
    if not (known := [body for kind, body in scene.ears.recent if kind == "complaint.registered.v1"]):
        raise Missed
    service = scene.chance.choice(SERVICES)
    await _no_event(scene, service, secrets.token_bytes(40))
    unknown = {"specversion": "1.0", "id": new_id(), "type": "yousu.complaint.enchanted.v1", "data": {}}
    await _no_event(scene, service, orjson.dumps(unknown))
    registered = orjson.loads(known[0])
    choking = ComplaintCorrected(
        at=registered["time"],
        center=registered["center"],
        subject=registered["subject"],
        revision=1,
        reason="更正",
        by="clerk-sq",
        category="complaint",
        content="\0",  # no text column takes it
        remarks=None,
    )
    both = {("dispatch", choking.event_id), ("notify", choking.event_id)}
    scene.choking |= both
    scene.poison |= both
    await _say_all(scene, [(topology.queue_of(each), choking.to_wire()) for each in ("dispatch", "notify")])
    return [service]


async def _no_event(scene: Scene, service: str, body: bytes) -> None:
    scene.poison.add((service, hashlib.sha256(body).hexdigest()))
    await scene.voice.say("", topology.queue_of(service), body, new_id())


async def _say_all(scene: Scene, words: list[tuple[str, bytes]]) -> None:
    await asyncio.gather(*(scene.voice.say("", queue, body, new_id()) for queue, body in words))
    scene.copies += len(words)


FAULTS = (
    Fault("deliveries doubled", double, 8, settles=1),
    Fault("deliveries shuffled", shuffle, 8),
    Fault("rungs asked for twice", ask_twice, 6, settles=0.5),
    Fault("old news", tell_old_news, 6, settles=0.5),
    Fault("poison", poison, 6, settles=0.5),
)
