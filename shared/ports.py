"""Free ports on the loopback address."""

from __future__ import annotations

import os
import socket
from collections import deque
from itertools import count
from pathlib import Path

_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_turns = count()
_held: deque[socket.socket] = deque(maxlen=1_000)


def _first_ephemeral() -> int:
    """Where the range begins from which the kernel takes the ports of outgoing connections."""
    try:
        return int(_EPHEMERAL.read_text().split()[0])
    except (OSError, ValueError):
        return 32768


def _bound(port: int) -> int | None:
    """Binds this port (0: any), and keeps it bound; its number, or None when it is taken."""
    probe = socket.socket()
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        probe.close()
        return None
    # From here on a server that allows for it, as they all do, may bind the port as well, and listen there.
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    _held.append(probe)
    number: int = probe.getsockname()[1]
    return number


def free_port() -> int:
    """A port that is free now, below the ephemeral range wherever possible; another one each time.

    Whoever asks begins to listen a while later, and may die and come back: as long as this process lives, or has been
    given a thousand others, nobody else is given it.

    The kernel's own choice (port 0) lies inside that range: while a server is down on purpose, a client that keeps
    knocking can be given the server's port as its own, connect to itself and keep the server from coming back.
    """
    last = _first_ephemeral() - 1
    first = max(1024, last - 12_000)
    if last - first > 1_000:
        begin = os.getpid() * 211
        for _ in range(200):
            if number := _bound(first + (begin + next(_turns)) % (last - first)):
                return number
    number = _bound(0)
    if number is None:
        raise OSError("no free port on 127.0.0.1")
    return number
