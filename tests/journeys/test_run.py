"""`yousu run` on an empty folder: it plays the sample county, then serves it, until Ctrl-C; and again where it was."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from shared.ports import free_port
from shared.settings import SERVICES
from tests.support.kernel import until
from tests.support.playing import samples

STARTS_WITHIN = 60
PLAYS_WITHIN = 900
"""Seconds; on two cores that others use as well."""


class Running:
    """`yousu run`, with its files in a folder, at a port that was free."""

    def __init__(self, folder: Path, port: int, process: asyncio.subprocess.Process) -> None:
        self.folder = folder
        self.port = port
        self.process = process
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", follow_redirects=True)

    async def status(self, path: str) -> int | None:
        """What a door answers; None while nobody is there."""
        assert self.process.returncode is None, await self.said()
        try:
            return (await self.client.get(path)).status_code
        except httpx.TransportError:
            return None

    async def is_live(self) -> bool:
        """Whether it answers at all."""
        return await self.status("/health/live") == 200

    async def is_ready(self) -> bool:
        """Whether it says that it can be used."""
        return await self.status("/health/ready") == 200

    async def complaints(self) -> int:
        """How many stand in the ledger, which anyone may read in the sample county."""
        return len((await self.client.get("/intake/api/ledger")).json())

    async def said(self) -> str:
        """All it wrote; to be asked when it has ended."""
        assert self.process.stdout
        return (await self.process.stdout.read()).decode()

    async def interrupted(self) -> None:
        """Ctrl-C; returns when the process and all it started have ended."""
        self.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(30):
            assert await self.process.wait() == 130
        with pytest.raises(ProcessLookupError):
            os.killpg(self.process.pid, 0)


async def run(folder: Path, port: int) -> asyncio.subprocess.Process:
    """Start it; in a process group of its own, so that whatever it leaves behind is seen."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "services.cli", "run"),
        env=os.environ | {"YOUSU_VAR": str(folder), "YOUSU_PORT": str(port)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Running]:
    """Running and answering; killed at the end, should it still be there."""
    port = free_port()
    process = await run(folder, port)
    started = Running(folder, port, process)
    try:
        await until(started.is_live, within=STARTS_WITHIN)
        yield started
    finally:
        await started.client.aclose()
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One that has played the sample; at its second start, for the first was interrupted in the middle of the play."""
    folder = tmp_path_factory.mktemp("run") / "var"
    async with running(folder) as first:

        async def has_begun() -> bool:
            return await first.complaints() > 1

        await until(has_begun, within=STARTS_WITHIN)
        assert not await first.is_ready(), "it is ready when the sample has been played"
        await first.interrupted()
        assert "Traceback" not in await first.said()
    async with running(folder) as second:
        await until(second.is_ready, within=PLAYS_WITHIN)
        yield second


async def test_it_is_ready_when_the_sample_has_been_played_each_complaint_once(house: Running) -> None:
    assert await house.complaints() == len(samples())


async def test_nobody_else_on_the_machine_reads_what_the_house_has_written(house: Running) -> None:
    written = [
        path
        for path in (house.folder, *house.folder.rglob("*"))
        if path.suffix in (".sqlite3", ".jsonl") or path.is_dir()
    ]
    assert {path.name for path in written} > {f"{name}.sqlite3" for name in SERVICES}
    assert [path.name for path in written if path.stat().st_mode & 0o007] == []


async def test_the_sample_county_has_published_cases_that_are_found(house: Running) -> None:
    found = (await house.client.get("/casebook/api/cases", params={"q": "二手房过户交完税查不到"})).json()
    assert found[0]["title"].startswith("二手房转移登记")


async def test_the_page_at_the_root_is_the_ledger_with_its_rows(house: Running) -> None:
    page = await house.client.get("/")
    assert page.status_code == 200
    assert page.url.path == "/intake/ledger"
    assert "有诉即办" in page.text
    assert page.text.count("/intake/complaints/") >= len(samples())


async def test_a_second_one_on_the_same_folder_is_told_so_and_disturbs_nothing(house: Running) -> None:
    process = await run(house.folder, free_port())
    out, _ = await process.communicate()
    assert process.returncode == 1
    assert out.decode().startswith("另一个有诉进程正在使用")
    assert await house.complaints() == len(samples())


async def test_one_at_a_port_in_use_is_told_so(house: Running, tmp_path: Path) -> None:
    process = await run(tmp_path, house.port)
    out, _ = await process.communicate()
    assert process.returncode == 1
    assert out.decode().startswith("不能使用地址")


async def test_a_folder_with_other_data_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "intake.sqlite3"
    kept.write_bytes(b"somebody's")
    process = await run(tmp_path, free_port())
    out, _ = await process.communicate()
    assert process.returncode == 1
    assert "已有数据，但不是样例" in out.decode()
    assert kept.read_bytes() == b"somebody's"


async def test_ctrl_c_ends_it_and_the_next_start_goes_on_where_it_was_without_playing_again(house: Running) -> None:
    before = (await house.client.get("/intake/api/ledger")).content
    await house.interrupted()
    async with running(house.folder) as again:
        await until(again.is_ready, within=STARTS_WITHIN)
        assert (await again.client.get("/intake/api/ledger")).content == before
        await again.interrupted()
        said = await again.said()
    assert "演练登录" in said
    assert "Traceback" not in said
