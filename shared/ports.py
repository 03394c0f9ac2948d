"""Free ports on the loopback address."""

from __future__ import annotations

import os
import socket
from itertools import count
from pathlib import Path

_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_turns = count()


def _first_ephemeral() -> int:
    """Where the range begins from which the kernel takes the ports of outgoing connections."""
    try:
        return int(_EPHEMERAL.read_text().split()[0])
    except (OSError, ValueError):
        return 32768


def _bound(port: int) -> int | None:
    """Binds this port (0: any) for a moment; its number, or None when it is taken."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return None
        number: int = probe.getsockname()[1]
        return number


def free_port() -> int:
    """A port that is free now, below the ephemeral range wherever possible; another one each time.

    Whoever asks begins to listen a while later: until then nobody else in this process is given it, nor, as each
    process begins elsewhere, is one that asks at the same time.

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
