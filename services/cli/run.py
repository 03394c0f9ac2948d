"""`yousu run`: the house in this process; embedded and empty, it first plays the sample county's complaints."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import orjson
from uvicorn import Server

from deploy.county import SAMPLE_CASES, SAMPLE_COMPLAINTS, SAMPLE_PASSWORD, load_county
from services.__main__ import build, keep_to_itself, port_of, serve, server_of, settle, socket_at
from services.cli.play.command import show_progress
from services.cli.play.doors import DoorClosed, Doors
from services.cli.play.scenario import Scene, read
from services.cli.play.stage import play
from shared import clock
from shared.security.roles import CALLED
from shared.settings import SERVICES, Settings, settings
from shared.web.browsers import LOGIN

PLAYED = "sample-played"
PLAYING = "sample-playing"
"""Marks in the var folder: the sample play is done, or was begun and must begin anew."""


async def run(names: Sequence[str]) -> None:
    """Run until stopped."""
    keep_to_itself()
    given = settings()
    if names or not given.embedded or given.production:
        await serve(names or SERVICES)
    else:
        await _run_sample(_with_sample(given))


def _with_sample(given: Settings) -> Settings:
    """The same settings on the sample county, with a drill clock to play it on."""
    os.environ.setdefault("YOUSU_SAMPLE", "true")
    os.environ.setdefault("YOUSU_DRILL_CLOCK", str(given.var / "clock.json"))
    settings.cache_clear()
    return settings()


async def _run_sample(given: Settings) -> None:
    house = build(given)
    house.claim()  # before anything is begun anew: another one may be playing here
    port = port_of(SERVICES, given)
    listening = socket_at(given.host, port)
    scenes = read(SAMPLE_COMPLAINTS)
    first = not (given.var / PLAYED).exists()
    if first:
        _begin_anew(given.var)
        clock.set_drill(min(scene.reported_at for scene in scenes))
    settle()
    server = server_of(house, port)
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.02)
    if first and not serving.done():
        await _play(given, scenes, port, server)
    if not server.should_exit:
        house.ready.set()
        _greet(given, port)
    await serving


async def _play(given: Settings, scenes: Sequence[Scene], port: int, server: Server) -> None:
    """Play, unless the server ends before: Ctrl-C stops both, and the next start begins anew."""
    doors = Doors(dict.fromkeys(SERVICES, f"http://{given.host}:{port}"))
    async with doors.client:
        try:
            await play(scenes, doors, show_progress)
            await _publish_cases(doors)
            await doors.let_clock_run()
        except DoorClosed as error:
            if not server.should_exit:
                server.should_exit = True
                print(f"样例演练没有完成：{error}", file=sys.stderr)
            return
    (given.var / PLAYED).touch()
    (given.var / PLAYING).unlink()


async def _publish_cases(doors: Doors) -> None:
    """The sample county has some guidance cases, so that similar ones are found from the first day."""
    approver = await doors.as_member("case_approver", load_county().root.code)
    await doors.call("POST", "/casebook/api/cases/import", approver, json=orjson.loads(SAMPLE_CASES.read_bytes()))


def _begin_anew(var: Path) -> None:
    """Remove what a sample play that was interrupted has left; nothing else is ever removed."""
    if (var / PLAYING).exists():
        for leftover in var.glob("*.sqlite3*"):
            leftover.unlink()
    elif any(var.glob("*.sqlite3")):
        sys.exit(f"{var.resolve()} 里已有数据，但不是样例；请用 YOUSU_VAR 换一个空文件夹，或设置 YOUSU_SAMPLE=false。")
    (var / PLAYING).touch()


def _greet(given: Settings, port: int) -> None:
    address = f"http://{given.host}:{port}"
    print(f"\n有诉已启动：{address}/  （工作台账；群众反映诉求：{address}/intake/file）", flush=True)
    print(f"演练登录 {address}{LOGIN}（口令均为 {SAMPLE_PASSWORD}）：")
    shown = set()
    for member in load_county().members:
        if member.role not in shown:
            shown.add(member.role)
            print(f"  {CALLED[member.role]:\u3000<7}{member.username:<20} {member.name}")
    print("按 Ctrl-C 停止。", flush=True)
