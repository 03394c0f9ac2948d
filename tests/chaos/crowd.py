"""The many: complaints handed over, of which nothing more is done than what the house does by itself.

Most come on the bus; some at the door over HTTP, so that there is always somebody who asks while a server is away.

They are registered, the channel is told, and the center is reminded that nobody sorts them. Some are sent again by a
channel that did not trust its line: under the same message id nothing happens; under another the channel is told again.
"""

import asyncio
import contextlib
import hashlib
import random
import time
from typing import Any

import orjson

from shared.messaging.topology import CHANNELS
from tests.chaos.bus import Ears, Voice
from tests.chaos.drill import Time
from tests.chaos.ledger import Ledger
from tests.chaos.parties import Parties
from tests.chaos.petitioners import mark_of, submission_of
from tests.chaos.plans import CENTERS, SOURCES

COPIES = 2
PATIENT = 4
"""The seconds' worth of them that may wait for their answers."""
DOUBTFUL = 0.15
"""The part of them that is sent again; half of these under another message id."""
ASK_AGAIN = 0.5
LOOK = 0.1
"""Seconds."""


class Crowd:
    """Hands them over, so many each second."""

    def __init__(
        self,
        name: str,
        ledger: Ledger,
        time_: Time,
        voice: Voice,
        ears: Ears,
        chance: random.Random,
    ) -> None:
        self._name = name
        self._ears = ears
        self._unanswered: set[str] = set()
        self._ledger = ledger
        self._time = time_
        self._voice = voice
        self._chance = chance
        self.sources: dict[str, str] = {}
        """By reference: who sent it."""
        self.told_again: set[str] = set()
        """Those of which the channel must be told twice."""
        self.copies = 0
        self._is_over = False

    def stop(self) -> None:
        """Hand over no more than those who have begun to."""
        self._is_over = True

    async def flow(self, rate: int) -> None:
        """Until stopped."""
        while rate and not self._is_over:
            begun = time.monotonic()
            await self.hand_over(rate)
            await asyncio.sleep(max(0.0, begun + 1 - time.monotonic()))

    async def hand_over(self, rate: int) -> None:
        """Those of one second, on their way together; none while too many wait for their answers."""
        self._unanswered -= self._ears.answers.keys()
        if len(self._unanswered) < PATIENT * rate:
            await asyncio.gather(*(self._hand_one_over() for _ in range(rate)))

    async def is_answered(self, patience: float) -> bool:
        """Hand one more over; whether its channel hears of it in so many seconds."""
        _, _, _, message_id = await self._sent()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while message_id not in self._ears.answers:  # noqa: ASYNC110 - in another process
                    await asyncio.sleep(LOOK)
        return message_id in self._ears.answers

    async def _sent(self) -> tuple[str, str, bytes, str]:
        """One that was put on the bus: its reference, who sent it, its bytes and its message id."""
        reference, source, submission = self._drawn()
        body = orjson.dumps(submission)
        message_id = hashlib.sha256(body).hexdigest()[:32]
        self._unanswered.add(message_id)
        deed = self._ledger.send(reference, "submit", mark_of(reference, "submit"), self._time.now)
        await self._say(source, body, message_id)
        self._ledger.acknowledge(deed, self._time.now, "confirmed")
        return reference, source, body, message_id

    async def _hand_one_over(self) -> None:
        doubt = self._chance.random() / DOUBTFUL
        reference, source, body, message_id = await self._sent()
        for _ in range(COPIES if doubt < 0.5 else 0):
            await self._say(source, body, message_id)
            self.copies += 1
        if 0.5 <= doubt < 1:
            self.told_again.add(reference)
            await self._say(source, body, message_id[::-1])

    async def ask_at_doors(self, parties: Parties, rate: int) -> None:
        """Until stopped, hand so many over HTTP each second, whatever becomes of the others; all of them in the end."""
        asking: set[asyncio.Task[None]] = set()
        while rate and not self._is_over:
            asking = {each for each in asking if not each.done()}
            if len(asking) < PATIENT * rate:
                asking |= {asyncio.create_task(self._ask_at_a_door(parties)) for _ in range(rate)}
            await asyncio.sleep(1)
        await asyncio.gather(*asking)

    async def _ask_at_a_door(self, parties: Parties) -> None:
        """Until it is accepted, as a channel would."""
        reference, source, submission = self._drawn()
        deed = self._ledger.send(reference, "submit", mark_of(reference, "submit"), self._time.now)
        while not (await parties.submit(source, submission)).is_success:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(ASK_AGAIN)
        self._ledger.acknowledge(deed, self._time.now, "answer")

    def _drawn(self) -> tuple[str, str, dict[str, Any]]:
        """A complaint: its reference, who sends it, and all of it."""
        reference = f"{self._name}-many-{len(self.sources) + 1:06}"
        source = self.sources[reference] = self._chance.choice(SOURCES)
        return reference, source, submission_of(reference, source, self._chance.choice(CENTERS), self._time.now)

    async def _say(self, source: str, body: bytes, message_id: str) -> None:
        await self._voice.say(CHANNELS, f"submission.{source}", body, message_id)
