"""Whether the audit log is whole: sealed, exported, and checked by command, by whoever has the files or the store."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from typer.testing import CliRunner

from services.cli.__main__ import app
from shared.audit import keeping
from shared.audit.tables import AuditHead, AuditRow
from tests.support.browser import Browser
from tests.support.intake import AUDITOR, CLERK, Intake, intake_at_work


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


async def sealed_and_exported(intake: Intake, folder: Path) -> list[Path]:
    await keeping.collected(intake.store).write()
    await intake.do(keeping.seal)
    await keeping.export(intake.store, folder / "audit")
    return keeping.exported(folder / "audit", "intake")


async def verified(*more: str) -> tuple[int, str | None]:
    result = await asyncio.to_thread(CliRunner().invoke, app, ["audit", "verify", *more])
    [line] = [json.loads(line) for line in result.output.splitlines() if '"intake"' in line]
    return result.exit_code, line["broken"]


async def test_it_is_sealed_and_exported_once_and_whoever_changes_it_is_found(intake: Intake, tmp_path: Path) -> None:
    await intake.registered()
    [file] = await sealed_and_exported(intake, tmp_path)
    await intake.ask("GET", "ledger", CLERK)
    await sealed_and_exported(intake, tmp_path)
    await sealed_and_exported(intake, tmp_path)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["seq"] for line in lines] == [1, 2]
    assert [line["prev"] for line in lines] == ["", lines[0]["hash"]]
    assert await verified() == (0, None)
    file.write_text(file.read_text().replace('"wang"', '"anna"'))
    assert await verified() == (1, f"{file.name}:2: was changed, or sealed with another key")
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n")
    await intake.do(lambda session: session.execute(update(AuditRow).where(AuditRow.seq == 1).values(actor="anna")))
    assert await verified() == (1, "intake, line 1: was changed, or sealed with another key")
    assert await verified("--files-only") == (0, None)


async def test_a_store_that_cannot_be_read_is_not_called_whole(intake: Intake, tmp_path: Path) -> None:
    await sealed_and_exported(intake, tmp_path)
    await intake.do(lambda session: session.execute(text("DROP TABLE audit")))
    code, broken = await verified()
    assert (code, broken and broken.startswith("intake: its store cannot be read")) == (1, True)


async def test_what_was_cut_off_at_the_end_of_a_store_shows_in_the_files_and_without_them(
    intake: Intake, tmp_path: Path
) -> None:
    for _ in range(2):
        await intake.ask("GET", "ledger", CLERK)
    [file] = await sealed_and_exported(intake, tmp_path)
    told = file.read_text()
    await intake.do(lambda session: session.execute(delete(AuditRow).where(AuditRow.seq == 2)))
    gone = (1, "intake, line 2: is another than when it was sealed, or gone")
    assert await verified() == gone
    file.unlink()
    assert await verified() == gone, "shipped away"
    await intake.do(
        lambda session: session.execute(
            update(AuditHead).values(seq=1, hash=json.loads(told[: told.index("\n")])["hash"])
        )
    )
    file.write_text(told)
    assert await verified() == (1, "intake, line 2: in the store it is another, or gone")


async def test_a_file_that_is_no_log_any_more_is_named_and_half_a_line_is_written_again(
    intake: Intake, tmp_path: Path
) -> None:
    for _ in range(2):
        await intake.ask("GET", "ledger", CLERK)
    [file] = await sealed_and_exported(intake, tmp_path)
    told = file.read_bytes()
    file.write_bytes(told[:-40])
    await sealed_and_exported(intake, tmp_path)
    assert file.read_bytes() == told
    file.write_bytes(told[:-40] + b"\n")
    assert await verified() == (1, f"{file.name}:2: is no line of the log")
    auditors = await Browser(intake).logged_in(AUDITOR)
    assert "封存链在第" in (await auditors.open("/intake/audit")).text


async def test_rows_may_go_as_far_as_files_have_gone_and_no_further(intake: Intake, tmp_path: Path) -> None:
    for _ in range(3):
        await intake.ask("GET", "ledger", CLERK)
    [file] = await sealed_and_exported(intake, tmp_path)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[1:]))
    await intake.do(lambda session: session.execute(delete(AuditRow).where(AuditRow.seq == 1)))
    assert await verified() == (0, None)
    await intake.do(lambda session: session.execute(delete(AuditRow).where(AuditRow.seq == 2)))
    assert await verified() == (1, "intake, line 3: was changed, or sealed with another key")


async def test_what_an_earlier_release_has_sealed_is_whole_with_what_is_told_since(
    intake: Intake, tmp_path: Path
) -> None:
    await intake.ask("GET", "ledger", CLERK)
    await intake.ask("GET", "ledger", CLERK, params={"state": "closed"})
    [file] = await sealed_and_exported(intake, tmp_path)
    first, second = [json.loads(line) for line in file.read_text().splitlines()]
    assert "query" not in first, "as it was sealed before there was any"
    assert second["query"] == "state=closed"
    assert await verified() == (0, None)
