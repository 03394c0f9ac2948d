"""The local transport: the relay hands events straight to the receivers of this process. Embedded mode only."""

from collections.abc import Mapping, Sequence

from shared.messaging.consumer import Receiver
from shared.messaging.tables import OutboxRow
from shared.messaging.topology import EVENTS


class LocalTransport:
    """Delivers within the process; same inbox, parking and handlers as over the broker."""

    def __init__(self, receivers: Mapping[str, Receiver], listeners: Mapping[str, set[str]]) -> None:
        self._receivers = receivers
        self._listeners = listeners

    async def publish(self, rows: Sequence[OutboxRow]) -> Mapping[str, str | None]:
        """Return when every listener has taken every event. Partners have no queues here; they use the console."""
        for service, receiver in self._receivers.items():
            bodies = [
                row.body for row in rows if row.exchange == EVENTS and service in self._listeners.get(row.kind, ())
            ]
            if bodies:
                await receiver.take(bodies)
        return {row.message_id: None for row in rows}
