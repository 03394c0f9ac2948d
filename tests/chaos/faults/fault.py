"""What a fault is, and what it may lay hands on."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from deploy.servers import Servers
from tests.chaos.bus import Ears, Voice
from tests.chaos.crowd import Crowd
from tests.chaos.house import House
from tests.chaos.outages import Outage
from tests.chaos.parties import Parties


class NotHere(Exception):
    """This machine does not permit this fault."""


class Missed(Exception):
    """It struck nothing this time: there was nothing to strike, or it came too late."""


@dataclass
class Scene:
    """The house, its servers, and the seed's chance."""

    house: House
    servers: Servers
    voice: Voice
    ears: Ears
    parties: Parties
    crowd: Crowd
    chance: random.Random
    poison: set[tuple[str, str]] = field(default_factory=set)
    """What was poisonous: the service, and the name under which it must lie dead there."""
    forged: set[str] = field(default_factory=set)
    """The ids of events that the rig has made up."""
    choking: set[tuple[str, str]] = field(default_factory=set)
    """Of the poison what every handler chokes on, and is tried again for hours."""
    copies: int = 0
    """Messages the rig has delivered once more."""
    outages: list[Outage] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    """What somebody was answered who should not have been."""
    late: list[str] = field(default_factory=list)
    """What he waited for too long."""
    _held: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def last(self, least: float = 0.5, most: float = 3.0) -> None:
        """Let it last a moment."""
        await asyncio.sleep(self.chance.uniform(least, most))

    def process(self) -> str:
        """Any process."""
        return self.chance.choice(list(self.house.ports))

    @asynccontextmanager
    async def holding(self, *processes: str) -> AsyncIterator[None]:
        """Within, no other fault stops or starts these."""
        async with AsyncExitStack() as stack:
            for process in sorted(processes):
                await stack.enter_async_context(self._held[process])
            yield

    async def whole(self) -> None:
        """Wait until every process is ready, so that what the doors say next is about a server and not about them."""
        self.house.mend()
        await self.house.until_whole()

    @asynccontextmanager
    async def away(self, server: str, how: str) -> AsyncIterator[None]:
        """Within, this server goes away, and at the end it is back."""
        since = time.monotonic()
        yield
        self.outages.append(Outage(server, since, time.monotonic(), how))


@dataclass(frozen=True)
class Fault:
    """One kind of fault; `strike` returns when it is mended, and whom it struck, if not everyone."""

    name: str
    strike: Callable[[Scene], Awaitable[Sequence[str] | None]]
    share: int = 10
    settles: float = 2.0
    """Seconds the house is left alone afterwards, about."""
    alone: bool = False
    """Whether nothing else may strike meanwhile, since it is watched what the doors say."""
