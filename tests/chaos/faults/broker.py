"""RabbitMQ goes away in every way it can; meanwhile the doors go on accepting (`outages` judges it)."""

import asyncio

from tests.chaos.faults.fault import Fault, Missed, Scene

FULL, USUAL = "1000GB", "50MB"
"""What the disk must have free for the broker to take messages."""
SERVER = "rabbitmq"


async def stop_app(scene: Scene) -> None:
    """`rabbitmqctl stop_app`, and `start_app`."""
    broker = scene.servers.rabbitmq
    await scene.whole()
    async with scene.away(SERVER, "stopped"):
        await asyncio.to_thread(broker.evaluate, "rabbit:stop().")
        await scene.last(1.0, 4.0)
        await asyncio.to_thread(broker.evaluate, "rabbit:start().")


async def kill(scene: Scene) -> None:
    """SIGKILL of the node; what it had confirmed is on its disk."""
    broker = scene.servers.rabbitmq
    await scene.whole()
    await asyncio.to_thread(broker.settle)
    async with scene.away(SERVER, "killed"):
        await asyncio.to_thread(broker.kill)
        await scene.last(0.2, 1.5)
        await asyncio.to_thread(broker.restart)


async def fill_disk(scene: Scene) -> None:
    """A disk alarm: the broker blocks whoever publishes."""
    broker = scene.servers.rabbitmq
    await scene.whole()
    async with scene.away(SERVER, "disk full"):
        await asyncio.to_thread(broker.evaluate, f'rabbit_disk_monitor:set_disk_free_limit("{FULL}").')
        await scene.last(2.0, 5.0)
        alarms = await asyncio.to_thread(broker.evaluate, "rabbit_alarm:get_alarms().")
        await asyncio.to_thread(broker.evaluate, f'rabbit_disk_monitor:set_disk_free_limit("{USUAL}").')
        if "disk" not in alarms:
            raise Missed


async def close_connections(scene: Scene) -> None:
    """An administrator closes all connections; one that ends by itself at this moment is none."""
    close = '[(catch rabbit_networking:close_connection(P, "chaos")) || P <- rabbit_networking:connections()], ok.'
    async with scene.away("its connections to rabbitmq", "closed"):
        await asyncio.to_thread(scene.servers.rabbitmq.evaluate, close)


async def stand_still(scene: Scene) -> None:
    """SIGSTOP of the node: connections stay open, nothing is confirmed."""
    broker = scene.servers.rabbitmq
    await scene.whole()
    await asyncio.to_thread(broker.pause)
    async with scene.away(SERVER, "frozen"):
        await scene.last(1.0, 6.0)
        await asyncio.to_thread(broker.resume)


FAULTS = (
    Fault("broker stopped", stop_app, 3, settles=3, alone=True),
    Fault("broker killed", kill, 2, settles=4, alone=True),
    Fault("broker's disk full", fill_disk, 3, alone=True),
    Fault("broker's connections closed", close_connections, 8),
    Fault("broker frozen", stand_still, 3, alone=True),
)
