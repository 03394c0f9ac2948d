"""Sessions in Redis: shared by all processes, ending by themselves; without it, staff are told so."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Connection

from deploy.servers import Servers
from shared import redis
from shared.refusals import Unauthenticated, Unavailable
from shared.security.once import AT_WORK, DONE_FOR
from shared.security.roles import Actor, Role
from shared.security.sessions import Sessions
from shared.settings import Settings
from tests.support.servers import require

CLERK = Actor("wang", "王", Role.CLERK, "sq", None)


@pytest.fixture
async def two(redis_url: str) -> AsyncIterator[list[Sessions]]:
    """The sessions as two processes see them."""
    given = Settings(redis_url=redis_url, session_idle_minutes=10, session_hours=1)
    both = [Sessions(redis.connect(given), given) for _ in range(2)]
    yield both
    for sessions in both:
        await sessions.close()


async def test_who_logged_in_at_one_process_is_known_at_the_other_until_he_logs_out(two: list[Sessions]) -> None:
    token = await two[0].open(CLERK)
    assert await two[1].actor(token) == CLERK
    await two[1].end(token)
    with pytest.raises(Unauthenticated):
        await two[0].actor(token)


async def test_a_session_ends_when_idle_and_when_its_hours_are_over(two: list[Sessions], servers: Servers) -> None:
    await two[0].open(CLERK)
    database = int(two[0]._redis.connection_pool.connection_kwargs["db"])
    keys = servers.redis.command("KEYS", "session:*", database=database).split()
    left = {key.endswith(":until"): int(servers.redis.command("TTL", key, database=database)) for key in keys}
    assert 590 < left[False] <= 600
    assert 3590 < left[True] <= 3600


async def test_what_is_sent_to_two_processes_at_once_is_done_by_one_and_the_other_leads_where_that_led(
    two: list[Sessions], servers: Servers
) -> None:
    async def sent(at: Sessions) -> str | None:
        if (led := await at.once.be_first("one", "form")) is None:
            await at.once.end("one", "form", "/there")
        return led

    led = await asyncio.gather(*(sent(at) for at in two * 3))
    assert sorted(led, key=str) == ["/there"] * 5 + [None]
    assert await two[1].once.be_first("another", "form") is None, "somebody else's is another"
    database = int(two[0]._redis.connection_pool.connection_kwargs["db"])
    left = {
        key: int(servers.redis.command("TTL", key, database=database))
        for key in ("last-done:one", "at-work:one:form", "at-work:another:form")
    }
    assert 0 < left["last-done:one"] <= DONE_FOR
    assert left["at-work:one:form"] < 0, "nothing is left at work"
    assert 0 < left["at-work:another:form"] <= AT_WORK, "who crashes holds nobody up for longer"


async def test_a_connection_that_has_ended_meanwhile_turns_nobody_away_for_the_next_is_a_new_one(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Settings(redis_url=redis_url)
    sessions = Sessions(redis.connect(given), given)
    token, send, ended = await sessions.open(CLERK), Connection.send_packed_command, iter([True])

    async def end_once(connection: Connection, *given: Any, **options: Any) -> None:
        if next(ended, False):
            raise RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed")
        await send(connection, *given, **options)

    monkeypatch.setattr(Connection, "send_packed_command", end_once)
    assert await sessions.actor(token) == CLERK
    assert next(ended, None) is None
    await sessions.close()


async def test_without_redis_staff_are_told_so_and_with_it_they_log_in_again(tmp_path: Path) -> None:
    require("redis")
    with Servers(only=["redis"]) as own:
        given = Settings(redis_url=own.redis_url)
        sessions = Sessions(redis.connect(given), given)
        token = await sessions.open(CLERK)
        await asyncio.to_thread(own.redis.kill)
        for attempt in (sessions.actor(token), sessions.open(CLERK), sessions.end(token)):
            with pytest.raises(Unavailable, match="登录服务暂时不可用"):
                await attempt
        assert await sessions.once.be_first("one", "form") is None, "everything is done meanwhile"
        await asyncio.to_thread(own.redis.restart)
        assert await sessions.actor(await sessions.open(CLERK)) == CLERK
        await sessions.close()
