"""`yousu audit`: whether the audit log is whole, in the stores and in the files exported from them."""

import asyncio
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from sqlalchemy.exc import SQLAlchemyError

from services.cli.asking import say
from shared.audit import chain
from shared.audit.keeping import exported, lines, whole
from shared.audit.tables import AuditHead
from shared.db import Store
from shared.settings import SERVICES, Settings, settings

app = typer.Typer(help=__doc__, no_args_is_help=True)

Where = tuple[str, Mapping[str, Any]]


@app.callback()
def audit() -> None:
    """Keep this a command with subcommands."""


@app.command()
def verify(
    files_only: Annotated[bool, typer.Option("--files-only", help="Look at no store, at the files alone.")] = False,
    folder: Annotated[Path | None, typer.Option(help="Where the files are; otherwise YOUSU_VAR/audit.")] = None,
) -> None:
    """Check every service's chain, and that files and stores tell the same; names the first broken line."""
    given = settings()
    broken = asyncio.run(_verified(given, folder or given.var / "audit", files_only=files_only))
    sys.exit(1 if broken else 0)


async def _verified(given: Settings, folder: Path, *, files_only: bool) -> bool:
    key = chain.key_of(given.secret("phone_index_key"))
    broken = False
    for service in SERVICES:
        told = list(_in_files(folder, service))
        found = chain.first_broken(key, told)
        is_here = given.database_url is not None or (given.var / f"{service}.sqlite3").exists()
        if not found and is_here and not files_only:
            try:
                found = await _differs(given, service, key, told)
            except (SQLAlchemyError, OSError) as error:
                found = chain.Broken(service, f"its store cannot be read from here ({type(error).__name__})")
        say({"service": service, "lines": len(told), "broken": found and f"{found.where}: {found.why}"})
        broken = broken or found is not None
    return broken


def _in_files(folder: Path, service: str) -> Iterator[Where]:
    for path in exported(folder, service):
        for number, line in enumerate(whole(path.read_bytes()).splitlines(), start=1):
            yield f"{path.name}:{number}", _read(line)


def _read(line: bytes) -> Mapping[str, Any]:
    """A line of a file; nothing of what is none."""
    try:
        read = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return read if isinstance(read, dict) else {}


async def _differs(given: Settings, service: str, key: bytes, told: list[Where]) -> chain.Broken | None:
    """The first line of the store that does not fit, by itself or beside the file's."""
    in_files = {line["seq"]: line for _, line in told}
    after, previous = (told[0][1]["seq"] - 1, told[0][1]["prev"]) if told else (0, "")
    head, kept = await _in_store(given, service, after, previous)
    if found := chain.first_broken(key, kept):
        return found
    in_store = {line["seq"]: line for _, line in kept}
    if head and in_store.get(head.seq, {}).get("hash") != head.hash:
        return chain.Broken(f"{service}, line {head.seq}", "is another than when it was sealed, or gone")
    for seq, line in in_files.items():
        if in_store.get(seq) != line:
            return chain.Broken(f"{service}, line {seq}", "in the store it is another, or gone")
    return None


async def _in_store(given: Settings, service: str, after: int, previous: str) -> tuple[AuditHead | None, list[Where]]:
    """Where the chain ended when it was last sealed, and its lines: those before the files begin may have gone."""
    store, kept = Store(service, given), list[Where]()
    try:
        async with store.reading() as session:
            head = await session.get(AuditHead, 1)
        while True:
            async with store.reading() as session:
                found = await lines(session, after, previous)
            if not found:
                return head, kept
            kept += [(f"{service}, line {line['seq']}", line) for line in found]
            after, previous = found[-1]["seq"], found[-1]["hash"]
    finally:
        await store.close()
