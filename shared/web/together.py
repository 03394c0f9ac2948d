"""The request edge for what arrives many at a time: what has come while others were being done is done together.

One transaction for all of them, committed before any is answered. What fails is tried by itself, so that nobody's
request fails for another's; trouble of the database is told to all.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Generic, TypeVar

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Store, is_passing
from shared.web.session import log_knows, or_unavailable, store_of, tell_log

G = TypeVar("G")
R = TypeVar("R")
O = TypeVar("O")  # noqa: E741
Do = Callable[[AsyncSession, Sequence[G]], Awaitable[Sequence[O]]]

MOST = 100
"""How many are done in one transaction."""


async def together(request: Request, do: Do[G, O], given: G) -> O:
    """What this use case, which takes many at a time, makes of it; a 503 when it could not be committed."""
    kept = store_of(request).kept
    if do not in kept:
        kept[do] = _Together(store_of(request), do)
    with or_unavailable(request):
        outcome: O = await kept[do].ask(given)
    return outcome


class Deeds(Generic[R, O]):
    """What is done to one aggregate each by the doors that most of them pass; what comes at once is one transaction.

    `hold` locks and loads the aggregates of all, in one order, with one query for each table, and lets the deeds find
    them; a deed may touch no others. `reach` tells which of those held a deed to one may change, where that is not it
    alone. `shown` makes the answer of what a deed returns, as it stands then.
    """

    def __init__(
        self,
        hold: Callable[[AsyncSession, Collection[str]], Awaitable[None]],
        shown: Callable[[R], O],
        reach: Callable[[AsyncSession, str], frozenset[str]] = lambda _, aggregate: frozenset({aggregate}),
    ) -> None:
        self._hold = hold
        self._shown = shown
        self._reach = reach

    async def act(self, request: Request, aggregate: str, deed: Callable[[AsyncSession], Awaitable[R]]) -> O:
        """Do this to the aggregate of this id; the answer, when it is committed."""
        answer = await together(request, self._do, (request, aggregate, deed))
        log_knows(request)
        return answer

    async def _do(
        self, session: AsyncSession, asked: Sequence[tuple[Request, str, Callable[[AsyncSession], Awaitable[R]]]]
    ) -> list[O]:
        await self._hold(session, {aggregate for _, aggregate, _ in asked})
        touched: set[str] = set()
        answers: list[O] = []
        for request, aggregate, deed in asked:
            reached = self._reach(session, aggregate)
            if reached & touched:
                await session.flush()  # what the first has done, the second may ask the store for
            touched |= reached
            answers.append(self._shown(await deed(session)))
            tell_log(session, request)
        return answers


class _Together(Generic[G, O]):
    """Answers what is asked of one use case that takes many."""

    def __init__(self, store: Store, do: Do[G, O]) -> None:
        self._store = store
        self._do = do
        self._waiting: list[tuple[G, asyncio.Future[O]]] = []
        self._working: asyncio.Task[None] | None = None

    async def ask(self, given: G) -> O:
        """The outcome of this, when it is committed; raises what went wrong with it."""
        answer: asyncio.Future[O] = asyncio.get_running_loop().create_future()
        self._waiting.append((given, answer))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._answer(batch)
        finally:
            self._working = None

    async def _answer(self, batch: Sequence[tuple[G, asyncio.Future[O]]]) -> None:
        try:
            async with self._store.transaction() as session:
                outcomes = await self._do(session, [given for given, _ in batch])
        except Exception as error:
            if len(batch) == 1 or is_passing(error):
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
                return
            for each in batch:
                await self._answer([each])
            return
        for (_, answer), outcome in zip(batch, outcomes, strict=True):
            if not answer.done():  # its asker may have gone
                answer.set_result(outcome)
