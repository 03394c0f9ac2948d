"""Live desks: who has one open is told when something on it has changed, never what: the desk is then read anew.

A desk is named by whose it is: a center (`sq`), a department of one (`sq/zrzy`), or those above at a level
(`above@sq`). What is told is told after the commit and kept nowhere: who misses it sees the change when the page asks
by itself.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.ext.asyncio import AsyncSession

from shared.refusals import TooMany, Unavailable

Concerned = Callable[[], Iterable[str]]
"""Tells on which desks something lies."""

_NO_ROOM = "打开的实时页面太多，请关掉几个；页面仍会定时刷新。"


def concern(session: AsyncSession, concerned: Concerned) -> None:
    """Tell the desks on which this lies now, and those on which it lies when the transaction has committed."""
    before = frozenset(concerned())
    session.info.setdefault("concerned", []).extend([lambda: before, concerned])


class Watch:
    """One desk that somebody has open."""

    def __init__(self, owner: str, desks: Collection[str]) -> None:
        self.owner = owner
        self.desks = frozenset(desks)
        self.is_over = False
        self._bell = asyncio.Event()
        self._end = asyncio.Event()

    def ring(self) -> None:
        """Something has changed there."""
        self._bell.set()

    def end(self) -> None:
        """The house closes."""
        self.is_over = True
        self._bell.set()
        self._end.set()

    async def changed(self, within: float) -> bool:
        """Whether something has changed since this was last asked, or does within so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._bell.wait()
        has_changed = self._bell.is_set()
        self._bell.clear()
        return has_changed

    async def pause(self, seconds: float) -> None:
        """Let changes gather for so long, unless the house closes."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._end.wait()


class Desks:
    """The desks of one service that are open in this process."""

    def __init__(self) -> None:
        self._open: set[Watch] = set()
        self._is_closed = False
        self.elsewhere: Callable[[Collection[str]], None] = lambda _: None
        """Tells the other replicas."""

    def tell(self, concerned: Collection[Concerned]) -> None:
        """Something that lies on these has changed, by a transaction of this process."""
        desks = {desk for each in concerned for desk in each()}
        self.ring(desks)
        self.elsewhere(desks)

    def ring(self, desks: Collection[str]) -> None:
        """Something has changed on these."""
        for watch in self._open:
            if not watch.desks.isdisjoint(desks):
                watch.ring()

    def ring_all(self) -> None:
        """Something may have changed anywhere."""
        for watch in self._open:
            watch.ring()

    def must_have_room(self, owner: str, most_of_one: int, most: int) -> None:
        """Refuse one more than a session, or this process, may have open."""
        if sum(watch.owner == owner for watch in self._open) >= most_of_one:
            raise TooMany("too-many-streams", _NO_ROOM, 60)
        if len(self._open) >= most or self._is_closed:
            raise Unavailable("too-many-streams", _NO_ROOM)

    @contextmanager
    def opened(self, owner: str, desks: Collection[str]) -> Iterator[Watch]:
        """Have these desks open, in a session of this owner."""
        watch = Watch(owner, desks)
        if self._is_closed:
            watch.end()
        self._open.add(watch)
        try:
            yield watch
        finally:
            self._open.discard(watch)

    def close(self) -> None:
        """The house closes: nobody is kept, nobody comes any more."""
        self._is_closed = True
        for watch in self._open:
            watch.end()
