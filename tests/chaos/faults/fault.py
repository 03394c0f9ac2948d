"""What a fault is, and what it may lay hands on."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from deploy.servers import Servers
from tests.chaos.bus import Ears, Voice
from tests.chaos.house import House
from tests.chaos.parties import Parties


class NotHere(Exception):
    """This machine does not permit this fault."""


@dataclass
class Scene:
    """The house, its servers, and the seed's chance."""

    house: House
    servers: Servers
    voice: Voice
    ears: Ears
    parties: Parties
    chance: random.Random
    poison: set[tuple[str, str]] = field(default_factory=set)
    """What was poisonous: the service, and the name under which it must lie dead there."""
    forged: set[str] = field(default_factory=set)
    """The ids of events that the rig has made up."""
    copies: int = 0
    """Messages the rig has delivered once more."""
    outages: list[tuple[str, float, float]] = field(default_factory=list)
    """Which server was away, from when to when (monotonic)."""
    findings: list[str] = field(default_factory=list)

    async def last(self, least: float = 0.5, most: float = 3.0) -> None:
        """Let it last a moment."""
        await asyncio.sleep(self.chance.uniform(least, most))

    def process(self) -> str:
        """Any process."""
        return self.chance.choice(list(self.house.ports))


@dataclass(frozen=True)
class Fault:
    """One kind of fault; `strike` returns when it is mended."""

    name: str
    strike: Callable[[Scene], Awaitable[None]]
    share: int = 10
    settles: float = 2.0
    """Seconds the house is left alone afterwards, at least."""
