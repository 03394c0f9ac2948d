"""`python -m services [SERVICE …]`: some of the services in this process, or all of them."""

import argparse
import ctypes
import gc
import os
import socket
import sys
from collections.abc import Sequence
from importlib import import_module

import uvicorn
import uvloop

from shared import logs
from shared.house import House, Service
from shared.messaging import Consumer
from shared.settings import SERVICES, Settings, settings
from shared.web.proxies import Proxies

FIRST_PORT = 8001
"""Of the six processes; they follow in the order of `SERVICES`."""
GARBAGE = 50_000
"""Objects made and kept until a search for garbage: sessions and their rows point at each other, and must be found."""
ARENA_MAX, MMAP_THRESHOLD, TRIM_THRESHOLD = -8, -3, -1
HEAPS = {ARENA_MAX: 2, MMAP_THRESHOLD: 128 * 1024, TRIM_THRESHOLD: 128 * 1024}
"""mallopt(3): how many heaps, and the bytes from which a block is by itself and the end of a heap is given back."""
KEPT_ALIVE = 75
"""Seconds a connection is kept for another request; longer than clients and proxies keep theirs, for where both let go
at the same moment a request is lost."""


def service_of(name: str) -> Service:
    """A service, put together."""
    service: Service = import_module(f"services.{name}.app").service
    return service


def consumer_of(name: str) -> Consumer:
    """What a service hears."""
    consumer: Consumer = import_module(f"services.{name}.consumers").consumer
    return consumer


def build(given: Settings, names: Sequence[str] = SERVICES) -> House:
    """A house with these services in it; it knows what the others hear as well."""
    heard = {name: list(consumer_of(name).handlers) for name in SERVICES}
    return House(given, [service_of(name) for name in names], heard)


class Server(uvicorn.Server):
    """The web server in front of a house."""

    def __init__(self, config: uvicorn.Config, house: House) -> None:
        super().__init__(config)
        self._house = house

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop when the last answer has been given; streams that would go on for ever end."""
        self._house.let_go()
        await super().shutdown(sockets)


def server_of(house: House, port: int) -> Server:
    """The web server in front of a house."""
    config = uvicorn.Config(
        Proxies(house.app, house.settings.forwarded_allow_ips),
        host=house.settings.host,
        port=port,
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # `Proxies` reads them
        timeout_keep_alive=KEPT_ALIVE,
        timeout_graceful_shutdown=5,
    )
    return Server(config, house)


def socket_at(host: str, port: int) -> socket.socket:
    """Where the web server will listen; exits, saying so, where somebody else listens already."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        sys.exit(f"不能使用地址 {host} 端口 {port}（{reason}）；请停止占用它的程序，或用 YOUSU_PORT 换一个端口。")


def port_of(names: Sequence[str], given: Settings) -> int:
    """Where these services listen: a single one at its own port, unless another is set."""
    if len(names) == 1 and "port" not in given.model_fields_set:
        return FIRST_PORT + SERVICES.index(names[0])
    return given.port


async def serve(names: Sequence[str]) -> None:
    """Run until stopped."""
    given = settings()
    house = build(given, names)
    house.claim()
    house.ready.set()
    port = port_of(names, given)
    settle()
    await server_of(house, port).serve([socket_at(given.host, port)])


def keep_to_itself() -> None:
    """What is written from here on nobody reads but who runs the house, and its group, which may ship the audit log."""
    os.umask(os.umask(0o077) | 0o027)


def settle() -> None:
    """What is here by now stays, so no search for garbage looks at it again; and there is one for much only.

    And what is let go leaves the process: with a heap for each thread, and ever larger blocks in them, the GNU library
    keeps more and more that nobody uses (in an embedded house 12 MB more after 900 loops than after 300; 3 with this).
    """
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "mallopt"):
        for option, value in HEAPS.items():
            allocator.mallopt(option, value)
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)


def main() -> None:
    """Parse the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m services", description=__doc__)
    parser.add_argument("services", nargs="*", choices=[*SERVICES, []], metavar="SERVICE", help=", ".join(SERVICES))
    names = parser.parse_args().services or SERVICES
    keep_to_itself()
    logs.set_up(settings().log_level)
    uvloop.run(serve(names))


if __name__ == "__main__":
    main()
