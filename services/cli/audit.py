"""`yousu audit`: whether the audit log is whole, in the stores and in the files exported from them."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from sqlalchemy.exc import SQLAlchemyError

from services.cli.asking import say
from shared.audit import chain
from shared.audit.keeping import exported, lines
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
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            yield f"{path.name}:{number}", orjson.loads(line)


async def _differs(given: Settings, service: str, key: bytes, told: list[Where]) -> chain.Broken | None:
    """The first line of the store that does not fit, by itself or beside the file's."""
    in_files = {line["seq"]: line for _, line in told}
    kept = [each async for each in _in_store(given, service)]
    if found := chain.first_broken(key, kept):
        return found
    in_store = {line["seq"]: line for _, line in kept}
    for seq, line in in_files.items():
        if in_store.get(seq) != line:
            return chain.Broken(f"{service}, line {seq}", "in the store it is another, or gone")
    return None


async def _in_store(given: Settings, service: str) -> AsyncIterator[Where]:
    store, after = Store(service, given), 0
    try:
        while True:
            async with store.reading() as session:
                found = await lines(session, after)
            for line in found:
                yield f"{service}, line {line['seq']}", line
            if not found:
                return
            after = found[-1]["seq"]
    finally:
        await store.close()
