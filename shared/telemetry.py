"""What `/metrics` tells of each service here: what waits to be sent, what could not be taken, what is in hand.

Measured when asked, with two queries a service that touch only what waits; nothing is counted in between.
"""

from prometheus_client import Gauge

from shared import clock
from shared.db import Store
from shared.logs import log
from shared.messaging.consumer import parked
from shared.messaging.outbox import unsent

_log = log("telemetry")


def _gauge(name: str, says: str) -> Gauge:
    return Gauge(f"yousu_{name}", says, ["service"])


UP = _gauge("store_up", "Whether the service's store answers: 1 or 0")
UNSENT = _gauge("unsent", "Messages in the outbox that wait to be sent")
OLDEST_UNSENT = _gauge("oldest_unsent_seconds", "Since when the oldest of them has waited; 0 when none does")
PARKED = _gauge("parked", "Events that wait parked for another try")
DEAD = _gauge("dead", "Events that nobody tries again until someone replays them")
IN_HAND = _gauge("in_hand", "Messages being taken and jobs being run at this moment")


async def measure(store: Store, in_hand: int) -> None:
    """Look at one service; of one whose store does not answer, that is told, and what was last known stays."""
    service = store.service
    IN_HAND.labels(service).set(in_hand)
    try:
        async with store.reading() as session:
            count, oldest = await unsent(session)
            waiting, dead = await parked(session)
    except Exception as error:
        _log.warning("not measured", service=service, error=repr(error)[:300])
        UP.labels(service).set(0)
        return
    UP.labels(service).set(1)
    UNSENT.labels(service).set(count)
    OLDEST_UNSENT.labels(service).set((clock.machine_now() - oldest).total_seconds() if oldest else 0)
    PARKED.labels(service).set(waiting)
    DEAD.labels(service).set(dead)
