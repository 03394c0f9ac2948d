"""Everything that can break, each for a moment: a fault begins, lasts as long as it takes, and is mended at its end."""

from tests.chaos.faults import broker, cache, database, deliveries, network, processes
from tests.chaos.faults.fault import Fault, Missed, NotHere, Scene

__all__ = ["ALL", "Fault", "Missed", "NotHere", "Scene"]

ALL: tuple[Fault, ...] = (
    *processes.FAULTS,
    *broker.FAULTS,
    *database.FAULTS,
    *cache.FAULTS,
    *network.FAULTS,
    *deliveries.FAULTS,
)
