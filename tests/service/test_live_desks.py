"""Live desks: whoever has one open is told to look again when something on it has changed, and never what."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from uvicorn.lifespan.off import LifespanOff

from services.__main__ import server_of
from shared import redis
from shared.events.intake import Triage
from shared.live import Desks
from shared.security.roles import Actor, Role
from shared.settings import Settings, settings
from shared.web.live import BEAT, LOOK
from shared.wire import Wire
from tests.support.browser import Browser
from tests.support.desks import reported
from tests.support.dispatching import AUDITOR, COORDINATOR, OF_TOWNSHIP, Desk, desk, officer
from tests.support.intake import intake_at_work, submission
from tests.support.streams import Stream, listening

__all__ = ["desk"]

ZRZY, ZJJ = officer("sq/zrzy"), officer("sq/zjj")
SUPERVISOR = Actor("supervisor-sq", "纪检", Role.SUPERVISOR, "sq")
SUPERVISOR_OF_TOWNSHIP = Actor("supervisor-sq-zhidian", "纪检", Role.SUPERVISOR, "sq-zhidian")
LIVE = "/fragments/live"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look follows a look at once, and silence is told soon."""
    monkeypatch.setattr("shared.web.live.PAUSE", 0)
    monkeypatch.setattr("shared.web.live.HEARTBEAT", 0.05)


async def test_a_new_order_is_told_to_the_office_and_to_its_department_and_to_nobody_else(desk: Desk) -> None:
    office, lead, other = [await desk.sessions.open(actor) for actor in (COORDINATOR, ZRZY, ZJJ)]
    async with (
        listening(desk.app, office, LIVE) as at_office,
        listening(desk.app, lead, LIVE) as at_lead,
        listening(desk.app, other, LIVE) as at_other,
    ):
        for stream in (at_office, at_lead, at_other):
            assert await stream.next() == LOOK, "what changed between the page and its stream"
            assert stream.headers["content-type"].startswith("text/event-stream")
            assert stream.headers["cache-control"] == "no-store"
        complaint_id = await desk.complaint(Triage.HARD)
        assert await told(at_office) == LOOK
        assert complaint_id in (await (await Browser(desk).logged_in(COORDINATOR)).open("/dispatch/desk")).text
        assert await at_lead.next() == BEAT
        await desk.act(complaint_id, "dispatch", lead="zrzy")
        assert await told(at_lead) == LOOK
        assert complaint_id in (await (await Browser(desk).logged_in(ZRZY)).open("/dispatch/mine")).text
        assert await at_other.next() == BEAT
        assert await at_other.next() == BEAT


async def told(stream: Stream) -> str | None:
    """The next that is no silence."""
    while (line := await stream.next()) == BEAT:
        pass
    return line


async def test_a_clock_that_is_heard_of_and_a_change_that_is_taken_back_are_told_and_not(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    async with listening(desk.app, await desk.sessions.open(ZRZY), LIVE) as stream:
        await stream.next()
        assert await stream.next() == BEAT
        await desk.due_at(complaint_id, "11-30 17:30")
        assert await told(stream) == LOOK
        refused = await desk.ask("POST", f"orders/{complaint_id}/reply", ZRZY, json={"kind": "result", "text": ""})
        assert refused.status_code == 422
        assert await stream.next() == BEAT


async def test_a_county_that_looks_at_a_townships_desk_is_told_of_it_and_no_other_center_is(desk: Desk) -> None:
    county, township = await desk.sessions.open(COORDINATOR), await desk.sessions.open(OF_TOWNSHIP)
    async with (
        listening(desk.app, county, LIVE) as own,
        listening(desk.app, county, LIVE, "center=sq-zhidian") as looked_at,
        listening(desk.app, township, LIVE, "center=sq-fujing") as foreign,
    ):
        assert (await own.next(), await looked_at.next()) == (LOOK, LOOK)
        assert "other-center" in (await foreign.next() or "")
        await desk.complaint(Triage.HARD, "sq-zhidian")
        assert await told(looked_at) == LOOK
        assert await own.next() == BEAT


async def test_a_stream_ends_with_its_session_and_keeps_none_alive(desk: Desk) -> None:
    token = await desk.sessions.open(COORDINATOR)
    async with listening(desk.app, token, LIVE) as stream:
        await stream.next()
        before = await desk.sessions._redis.pttl(desk.sessions._key(token))
        assert await stream.next() == BEAT
        assert await desk.sessions._redis.pttl(desk.sessions._key(token)) <= before
        await desk.sessions.end(token)
        while (line := await stream.next()) is not None:
            assert line == BEAT, "whoever has logged out is told nothing"
    async with listening(desk.app, token, LIVE) as again:
        await again.next()
        assert again.status == 401


async def test_only_a_page_of_somebody_with_a_desk_listens(desk: Desk) -> None:
    auditor, office = await desk.sessions.open(AUDITOR), await desk.sessions.open(COORDINATOR)
    async with listening(desk.app, auditor, LIVE) as stream:
        assert await stream.next() is None
        assert stream.status == 204, "to a browser: do not come back"
    async with listening(desk.app, office, LIVE, accept="text/html") as page:
        await page.next()
        assert page.status == 406


async def test_a_session_and_a_process_hold_only_so_many_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUSU_LIVE_STREAMS_PER_SESSION", "1")
    monkeypatch.setenv("YOUSU_LIVE_STREAMS", "2")
    settings.cache_clear()
    tokens = [await desk.sessions.open(COORDINATOR) for _ in range(3)]
    async with listening(desk.app, tokens[0], LIVE) as first:
        await first.next()
        async with listening(desk.app, tokens[0], LIVE) as second:
            assert "too-many-streams" in (await second.next() or "")
            assert second.status == 429
        async with listening(desk.app, tokens[1], LIVE) as third:
            await third.next()
            async with listening(desk.app, tokens[2], LIVE) as fourth:
                await fourth.next()
                assert (third.status, fourth.status) == (200, 503)
    async with listening(desk.app, tokens[0], LIVE) as again:
        assert await again.next() == LOOK, "who has gone makes room"


async def test_a_house_that_closes_ends_every_stream_and_begins_none(desk: Desk) -> None:
    token = await desk.sessions.open(COORDINATOR)
    async with listening(desk.app, token, LIVE) as stream:
        await stream.next()
        desk.store.desks.close()
        while await stream.next() is not None:
            pass
    async with listening(desk.app, token, LIVE) as late:
        await late.next()
        assert late.status == 503


async def test_a_server_that_stops_ends_the_streams_first_and_waits_for_none() -> None:
    desks = Desks()
    house: Any = SimpleNamespace(app=None, settings=Settings(), let_go=desks.close)
    server = server_of(house, 0)
    server.servers, server.lifespan = [], LifespanOff(server.config)  # as when it has been started
    with desks.opened("somebody", {"sq"}) as watch:
        await server.shutdown()
        assert watch.is_over


async def test_those_above_are_told_of_what_is_supervised_at_their_level_and_of_nothing_else(desk: Desk) -> None:
    above, of_township = [await desk.sessions.open(actor) for actor in (SUPERVISOR, SUPERVISOR_OF_TOWNSHIP)]
    async with listening(desk.app, above, LIVE) as stream, listening(desk.app, of_township, LIVE) as other:
        assert (await stream.next(), await other.next()) == (LOOK, LOOK)
        await desk.complaint(Triage.HARD)
        assert await stream.next() == BEAT
        await reported(desk)
        assert await told(stream) == LOOK
        assert await other.next() == BEAT
        assert await other.next() == BEAT
    page = await (await Browser(desk).logged_in(SUPERVISOR)).open("/dispatch/fragments/supervised?rung=reported")
    assert page.text.count("<tr>") == 2
    assert "<html" not in page.text


async def test_the_window_is_told_of_what_comes_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        token = await intake.sessions.open(COORDINATOR)
        async with listening(intake.app, token, LIVE) as stream:
            assert await stream.next() == LOOK
            await intake.registered()
            assert await told(stream) == LOOK
            assert await stream.next() == BEAT
            assert (await intake.submit(submission("WB-2", content=""))).status_code == 422
            assert await told(stream) == LOOK, "what could not be registered lies there, too"


async def test_a_desk_on_another_replica_is_told_by_redis_what_desk_and_nothing_else(redis_url: str) -> None:
    given = Settings(redis_url=redis_url)
    here, there = Desks(), Desks()
    wires = [Wire(redis.connect(given), {"dispatch": desks}) for desks in (here, there)]
    overheard = redis.connect(given).pubsub(ignore_subscribe_messages=True)
    await overheard.subscribe("live")
    with there.opened("somebody", {"sq/zrzy"}) as watch, there.opened("somebody", {"sq/zjj"}) as other:
        for wire in wires:
            wire.start()
        assert await watch.changed(within=10), "what was told before it listened was missed"
        assert await other.changed(within=10)
        here.tell([lambda: ["sq", "sq/zrzy"]])
        assert await watch.changed(within=10)
        assert not await other.changed(within=0.2)
    while (message := await overheard.get_message(timeout=10)) is None:
        pass
    assert message["data"].endswith('"desks":{"dispatch":["sq","sq/zrzy"]}}')
    for wire in wires:
        await wire.stop()
    await overheard.aclose()


async def test_without_redis_the_desks_of_this_process_are_told_all_the_same() -> None:
    desks = Desks()
    wire = Wire(redis.connect(Settings(redis_url="redis://127.0.0.1:1/0")), {"dispatch": desks})
    wire.start()
    with desks.opened("somebody", {"sq"}) as watch:
        desks.tell([lambda: ["sq"]])
        assert await watch.changed(within=1)
    await wire.stop()
