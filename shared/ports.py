"""Free ports on the loopback address."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")


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
    """A port that is free now, below the ephemeral range wherever possible.

    The kernel's own choice (port 0) lies inside that range: while a server is down on purpose, a client that keeps
    knocking can be given the server's port as its own, connect to itself and keep the server from coming back.
    """
    last = _first_ephemeral() - 1
    first = max(1024, last - 12_000)
    if last - first > 1_000:
        for _ in range(50):
            if number := _bound(first + secrets.randbelow(last - first)):
                return number
    number = _bound(0)
    if number is None:
        raise OSError("no free port on 127.0.0.1")
    return number
