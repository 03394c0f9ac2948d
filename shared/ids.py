"""Identifiers that sort by the moment they were made."""

import os
import threading
import time
import uuid
from datetime import datetime

_lock = threading.Lock()
_last = 0


def first_id(at: datetime) -> str:
    """The least of all identifiers made at or after this instant."""
    return str(uuid.UUID(int=int(at.timestamp() * 1000) << 80 | 0x7 << 76))


def new_id() -> str:
    """A UUID version 7 (RFC 9562) as text.

    Within one process each is greater than the one before, so events of one aggregate sort in the order they happened
    even when the business clock stands still.
    """
    global _last
    with _lock:
        # 48 bits of milliseconds and 12 of their fraction, never twice the same.
        _last = max(_last + 1, time.time_ns() * 4096 // 1_000_000)
        ticks = _last
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return str(uuid.UUID(int=(ticks >> 12) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | 0b10 << 62 | random))
