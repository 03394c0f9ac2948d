"""The baseline: django-helpdesk behind gunicorn, on the same PostgreSQL, in an environment below YOUSU_VAR."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import asyncpg
import httpx
import orjson

from deploy.servers import Servers
from shared.ports import free_port
from shared.settings import settings
from tests.benchmarks.house import plain
from tests.benchmarks.telling import say

PACKAGES = ("django-helpdesk==2.6.1", "gunicorn>=23", "psycopg[binary]>=3.2")
SITE = "helpdesk_site"
_HERE = Path(__file__).parent
_UV = _HERE.parents[1] / ".tools" / "uv" / "bin" / "uv"
_PREPARE = """
import json
from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from helpdesk.models import Queue
from rest_framework.authtoken.models import Token
staff = get_user_model().objects.create_superuser("staff", "staff@example.org", "staff")
queue = Queue.objects.create(title="window", slug="window", escalate_days=1, allow_public_submission=True)
print(json.dumps([Token.objects.create(user=staff).key, queue.pk]))
"""
_ESCALATE = """
import time
from django.core.management import call_command
began = time.perf_counter()
call_command("escalate_tickets")
print(time.perf_counter() - began)
"""
_numbers = count(1)


@dataclass
class Helpdesk:
    """One that runs."""

    origin: str
    token: str
    queue: int
    dsn: str
    _python: Path
    _environment: dict[str, str]

    def ticket(self, number: int) -> dict[str, object]:
        """As much as a complaint says."""
        return {
            "queue": self.queue,
            "title": f"窗口不给办理不动产登记 {number}",
            "description": f"材料都交齐了，窗口还是不给办理不动产登记，跑了三趟，每次都说系统升级（{number}）。",
            "submitter_email": f"petitioner{number}@example.org",
            "priority": 3,
        }

    async def tickets(self) -> int:
        """How many there are."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return int(await connection.fetchval("SELECT count(*) FROM helpdesk_ticket"))
        finally:
            await connection.close()

    async def submit_one(self) -> None:
        """The first ticket, from which others are copied."""
        async with httpx.AsyncClient(base_url=self.origin, headers={"Authorization": self.token}) as client:
            (await client.post("/api/tickets/", json=self.ticket(0))).raise_for_status()

    async def fill(self, open_tickets: int) -> None:
        """Add copies of one ticket until there are so many open ones, all new."""
        connection = await asyncpg.connect(self.dsn)
        try:
            columns = await connection.fetch(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'helpdesk_ticket'"
            )
            listed = ", ".join(f'"{row[0]}"' for row in columns if row[0] not in ("id", "created"))
            await connection.execute(
                f"INSERT INTO helpdesk_ticket (created, {listed}) SELECT now(), {listed} "
                "FROM (SELECT * FROM helpdesk_ticket ORDER BY id LIMIT 1) one, "
                f"generate_series(1, {open_tickets} - (SELECT count(*) FROM helpdesk_ticket))"
            )
            await connection.execute("ANALYZE helpdesk_ticket")
        finally:
            await connection.close()

    async def let_fall_due(self, tickets: int) -> None:
        """So many, and no others, are to be escalated."""
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute("TRUNCATE helpdesk_followup CASCADE")
            await connection.execute(
                "UPDATE helpdesk_ticket SET created = now() - interval '9 days', last_escalation = NULL, priority = 3 "
                "WHERE id IN (SELECT id FROM helpdesk_ticket ORDER BY id LIMIT $1)",
                tickets,
            )
        finally:
            await connection.close()

    async def escalate(self) -> tuple[float, int]:
        """Run its sweep: the seconds it took, without Django's start, and how many tickets it has escalated."""
        seconds = float(
            await _run(self._python, "-m", "django", "shell", "-c", _ESCALATE, environment=self._environment)
        )
        connection = await asyncpg.connect(self.dsn)
        try:
            return seconds, int(await connection.fetchval("SELECT count(*) FROM helpdesk_followup"))
        finally:
            await connection.close()


async def installed() -> Path:
    """The Python of its environment, made where it is not there yet."""
    folder = settings().var.absolute() / "bench-helpdesk"
    python, stamp = folder / "bin" / "python", folder / ".packages"
    if await asyncio.to_thread(stamp.exists) and await asyncio.to_thread(stamp.read_text) == repr(PACKAGES):
        return python
    say("installing django-helpdesk into an environment of its own")
    if await asyncio.to_thread(_UV.exists):
        await _run(_UV, "venv", "-q", "--clear", "--python", sys.executable, folder)
        await _run(_UV, "pip", "install", "-q", "--python", python, *PACKAGES)
    else:
        await _run(Path(sys.executable), "-m", "venv", "--clear", folder)
        await _run(python, "-m", "pip", "install", "-q", *PACKAGES)
    await asyncio.to_thread(stamp.write_text, repr(PACKAGES))
    return python


@asynccontextmanager
async def helpdesk_on(servers: Servers) -> AsyncIterator[Helpdesk]:
    """One on these servers, in a database of its own, that answers."""
    python = await installed()
    name = f"helpdesk_{os.getpid()}_{next(_numbers)}"
    dsn = plain(await asyncio.to_thread(servers.new_database, name))
    folder = settings().var.absolute() / name
    folder.mkdir(parents=True)
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(_HERE / "site"),
        "DJANGO_SETTINGS_MODULE": SITE,
        "HELPDESK_DATABASE": dsn,
        "HELPDESK_FOLDER": str(folder),
    }
    await _run(python, "-m", "django", "migrate", "-v0", environment=environment)
    token, queue = orjson.loads(
        await _run(python, "-m", "django", "shell", "-v0", "-c", _PREPARE, environment=environment)
    )
    port = free_port()
    served = ("-m", "gunicorn", f"{SITE}:application", "-b", f"127.0.0.1:{port}", "-k", "gthread", "-w", "3")
    with (folder / "log").open("wb") as log:
        gunicorn = await asyncio.create_subprocess_exec(
            *(python, *served, "--threads", "4", "--keep-alive", "60"), env=environment, stdout=log, stderr=log
        )
    try:
        found = Helpdesk(f"http://127.0.0.1:{port}", f"Token {token}", queue, dsn, python, environment)
        await _until_it_answers(found.origin)
        yield found
    finally:
        gunicorn.terminate()
        await gunicorn.wait()
        await asyncio.to_thread(servers.postgres.drop_database, name)
        shutil.rmtree(folder, ignore_errors=True)


async def _until_it_answers(origin: str) -> None:
    async with httpx.AsyncClient(timeout=30) as client, asyncio.timeout(60):
        while True:
            try:
                await client.get(f"{origin}/api/tickets/")
                return
            except httpx.TransportError:
                await asyncio.sleep(0.2)


async def _run(program: Path, *words: str | Path, environment: dict[str, str] | None = None) -> str:
    process = await asyncio.create_subprocess_exec(
        program, *words, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, errors = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{program.name} {words[0]}: {(out + errors).decode()[-3000:]}")
    return out.decode().strip().rpartition("\n")[2]
