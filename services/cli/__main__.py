"""`yousu`: run the house, and try it."""

import asyncio
import json
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Annotated

import httpx
import typer
import uvloop
from sqlalchemy import MetaData

from services.cli import admin, audit, casebook, directory, doctor, ledger, privacy
from services.cli import due as due_module
from services.cli.asking import HERE, or_exit
from shared import logs
from shared.migrate import draft
from shared.settings import SERVICES, Settings, settings

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(admin.app, name="admin")
app.add_typer(audit.app, name="audit")
app.add_typer(directory.app, name="directory")
app.add_typer(ledger.app, name="ledger")
app.add_typer(casebook.app, name="casebook")
app.add_typer(privacy.app, name="privacy")
app.command()(doctor.doctor)


@app.command()
def run(
    services: Annotated[list[str] | None, typer.Argument(help="Some of the services; all when none is named.")] = None,
) -> None:
    """Run the house until stopped; settings from YOUSU_*. Embedded and empty, it plays the sample county first."""
    from services.cli.run import run as run_house

    if unknown := set(services or ()) - set(SERVICES):
        sys.exit(f"没有这个服务：{'、'.join(sorted(unknown))}；可选：{'、'.join(SERVICES)}")
    logs.set_up(settings().log_level)
    try:
        uvloop.run(run_house(services or ()))
    except KeyboardInterrupt:
        sys.exit(130)


@app.command()
def due(
    received: Annotated[str, typer.Option(help="When it was dispatched, e.g. 2026-09-28T10:00 (Asia/Shanghai).")],
    working_days: Annotated[int, typer.Option(help="The limit in working days.")],
    center: Annotated[str, typer.Option(help="Whose calendar counts.")] = "sq",
) -> None:
    """When a limit ends, day by day, as one JSON line."""
    try:
        line = due_module.due(received, working_days, center)
    except ValueError as error:
        sys.exit(str(error))
    print(json.dumps(line, ensure_ascii=False))


@app.command()
def play(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A scenario: one complaint a line.")],
    processes: Annotated[bool, typer.Option("--processes", help="Run the services as six processes.")] = False,
    ledger: Annotated[Path | None, typer.Option(help="Where to write the ledger it leads to, as JSON.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the stores and logs behind.")] = False,
) -> None:
    """Drive complaints through an empty house on the drill clock, acting as every party; one JSON line each."""
    from services.cli.play.command import run as run_play
    from services.cli.play.doors import DoorClosed
    from services.cli.play.playhouse import NotStarted
    from services.cli.play.scenario import BadScenario

    given = settings()
    if processes and (given.embedded or not given.database_url):
        sys.exit("--processes 需要 YOUSU_AMQP_URL、YOUSU_DATABASE_URL 和 YOUSU_REDIS_URL。")
    try:
        lines = asyncio.run(run_play(file, processes=processes, ledger=ledger, keep=keep, given=given))
    except (BadScenario, DoorClosed, NotStarted) as error:
        sys.exit(str(error))
    for line in lines:
        print(json.dumps(line, ensure_ascii=False))


@app.command()
def submit(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Submissions, one a line.")],
    source: Annotated[str | None, typer.Option(help="The channel; otherwise each line's own.")] = None,
    url: Annotated[str, typer.Option(help="Where the house answers.")] = HERE,
    bus: Annotated[bool, typer.Option("--bus", help="Over RabbitMQ (YOUSU_AMQP_URL) instead of HTTP.")] = False,
) -> None:
    """Hand submissions over as a channel (its key: YOUSU_CHANNEL_KEY); what became of each, one JSON line each."""
    from services.cli.submit import by_http, over_bus

    lines = file.read_bytes().splitlines()
    amqp_url = settings().amqp_url
    if bus and not amqp_url:
        sys.exit("--bus 需要 YOUSU_AMQP_URL。")

    async def work() -> None:
        key = os.environ.get("YOUSU_CHANNEL_KEY")
        answers = over_bus(lines, source, amqp_url) if bus and amqp_url else by_http(lines, source, key, url)
        async for answer in answers:
            print(json.dumps(answer, ensure_ascii=False), flush=True)

    with or_exit():
        asyncio.run(work())


@app.command()
def topology(
    vhost: Annotated[str, typer.Option(help="The virtual host it is for.")] = "/",
    url: Annotated[str | None, typer.Option(help="Ask this house for its partners (YOUSU_TOKEN).")] = None,
) -> None:
    """The definitions for RabbitMQ's administrator as JSON; without a house, with the sample county's partners."""
    from deploy.county import load_county
    from services.cli.topology import definitions

    partners = [partner.queue for partner in load_county().partners]
    if url:
        headers = {"authorization": f"Bearer {os.environ.get('YOUSU_TOKEN', '')}"}
        answer = httpx.get(f"{url}/directory/api/facts/partner", headers=headers).raise_for_status()
        partners = [partner["code"] for partner in answer.json() if partner["active"]]
    print(json.dumps(definitions(partners, vhost), ensure_ascii=False, indent=2))


@app.command()
def contracts(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if something would change.")] = False,
) -> None:
    """Write the events' JSON Schemas and the AsyncAPI document anew (for developers)."""
    from services.cli.contracts import write_contracts

    changed = write_contracts(check=check)
    for path in changed:
        print(path)
    sys.exit(1 if check and changed else 0)


@app.command()
def migration(
    service: Annotated[str, typer.Argument(help="A service, or `kernel`.")], message: Annotated[str, typer.Argument()]
) -> None:
    """Draft a migration from the tables as they are now in the code (for developers; read it before you keep it)."""
    from shared.db import Store

    if service not in (*SERVICES, "kernel"):
        sys.exit(f"no such service: {service}")
    name = "directory" if service == "kernel" else service

    metadata: MetaData = import_module(f"services.{name}.tables").Base.metadata

    async def work(folder: Path) -> None:
        store = Store(name, Settings(var=folder))
        async with store.engine.connect() as connection:
            await connection.run_sync(draft, service, metadata, message)
        await store.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(work(Path(folder)))


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
