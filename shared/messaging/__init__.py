"""How an event travels: use case → outbox → relay → broker → inbox → handlers, each step durable before the next.

`announce` writes an event with the state change that caused it; `Consumer` lists a service's handlers; `Receiver` runs
them, each event once; `relay` empties the outbox over one of two transports, `rabbit` or `local`.
"""

from shared.messaging.consumer import Consumer, Unknown
from shared.messaging.outbox import announce

__all__ = ["Consumer", "Unknown", "announce"]
