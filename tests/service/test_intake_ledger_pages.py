"""The ledger page by page, and narrowed: the same rows however they are asked for, live or as of a day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from services.intake.tables import LedgerRow
from services.intake.usecases import journal
from services.intake.usecases import ledger as usecase
from shared.events.directory import CenterChanged
from shared.events.intake import Triage
from shared.events.sla import ClockStarted
from shared.workdays import Calendar, Override
from tests.support.alone import at
from tests.support.intake import AUDITOR, COUNTY, HELPER, LEAD, Intake, dispatched, intake_at_work
from tests.support.ledgers import bytes_of, life


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


async def pages(intake: Intake, **params: Any) -> list[list[tuple[int, str]]]:
    """序号 and content of every row, by page."""
    found, after = [], None
    while True:
        given = params | ({"after": after} if after else {})
        answer = await intake.ask("GET", "ledger/page", AUDITOR, params=given)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        found.append([(row["序号"], row["主要诉求"]) for row in told["rows"]])
        after = told["next"]
        if after is None:
            return found


async def seven(intake: Intake) -> list[str]:
    """Seven complaints, three of one instant; the second, fourth and sixth are opinions."""
    ids = []
    for n in range(1, 8):
        intake.now(f"09-28 1{min(n, 5)}:00")
        category = "complaint" if n % 2 else "opinion"
        ids.append((await intake.registered(f"WB-{n}", content=f"第{n}件。", category=category))["complaint_id"])
    return ids


@pytest.mark.parametrize("as_of", [{}, {"as_of": "2026-09-28"}])
async def test_pages_follow_each_other_without_a_gap_and_number_on(intake: Intake, as_of: dict[str, str]) -> None:
    await seven(intake)
    oldest = await pages(intake, limit=3, order="oldest", **as_of)
    assert [len(page) for page in oldest] == [3, 3, 1]
    assert [row for page in oldest for row in page] == [(n, f"第{n}件。") for n in range(1, 8)]
    newest = await pages(intake, limit=3, **as_of)
    assert [row for page in newest for row in page] == [(n, f"第{8 - n}件。") for n in range(1, 8)]


@pytest.mark.parametrize("as_of", [{}, {"as_of": "2026-09-28"}])
async def test_a_narrowed_ledger_numbers_only_what_it_shows_and_finds_nobody_by_phone(
    intake: Intake, as_of: dict[str, str]
) -> None:
    await seven(intake)
    narrowed = await pages(intake, limit=2, order="oldest", category="opinion", **as_of)
    assert [row for page in narrowed for row in page] == [(1, "第2件。"), (2, "第4件。"), (3, "第6件。")]
    whole = await intake.ledger(category="opinion", **as_of)
    assert [row["序号"] for row in whole] == [1, 2, 3]
    assert await pages(intake, text="第5件", **as_of) == [[(1, "第5件。")]]
    assert await pages(intake, text="sq-2026-0005", **as_of) == [[(1, "第5件。")]]
    assert await pages(intake, text="100%", **as_of) == [[]]
    by_phone = await intake.ask("GET", "ledger/page", AUDITOR, params={"text": "199 0000 7001"} | as_of)
    assert (by_phone.status_code, by_phone.json()["code"]) == (422, "no-numbers")


async def test_a_page_as_of_a_day_stays_short_rather_than_look_at_all_there_is(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seven(intake)
    monkeypatch.setattr(usecase, "MOST_LOOKED_AT", 2)
    found = await pages(intake, limit=2, order="oldest", text="第7件", as_of="2026-09-28")
    assert [row for page in found for row in page] == [(1, "第7件。")]
    assert len(found) == 4


async def test_the_store_and_the_rule_narrow_alike(intake: Intake) -> None:
    ids = await seven(intake)
    for one in ids[:3]:
        await intake.triaged(one)
        await intake.hear(*life(one))
    await intake.triaged(ids[3], Triage.HARD)
    await intake.hear(
        dispatched(ids[3], co_handlers=[HELPER]),
        ClockStarted(
            at=at("09-28 10:10"), center=COUNTY, subject=ids[3], leg=1, due_at=at("10-10 17:30"), provisional=False
        ),
    )
    intake.now("10-12 23:00")
    department = f"{LEAD.center}/{LEAD.department}"
    for asked, count in (
        ({"triage": "cannot"}, 3),
        ({"triage": "hard"}, 1),
        ({"department": department}, 4),
        ({"department": f"{HELPER.center}/{HELPER.department}"}, 1),
        ({"department": f"{HELPER.center}/z"}, 0),
        ({"state": "registered"}, 3),
        ({"final": "zeroed"}, 3),
        ({"rung": "urged"}, 3),
        ({"overdue": True}, 1),
        ({"overdue": False}, 6),
        ({"channel": "web"}, 7),
        ({"channel": "window"}, 0),
    ):
        live = await bytes_of(intake, **asked)
        assert live == await bytes_of(intake, as_of="2026-10-12", **asked), asked
        assert len(await intake.ledger(**asked)) == count, asked


async def test_by_how_much_it_is_overdue_is_reprinted_as_it_was_though_the_calendar_changed_since(
    intake: Intake,
) -> None:
    one = (await intake.registered())["complaint_id"]
    of = {"center": COUNTY, "subject": one}
    due = ClockStarted(at=at("09-28 10:10"), leg=1, due_at=at("10-08 17:30"), provisional=False, **of)
    await intake.hear(dispatched(one), due)
    intake.now("10-12 12:00")
    then = await bytes_of(intake)
    assert "超期3个工作日" in then.decode()
    flood = Calendar(overrides=(Override(at("10-10 00:00").date(), worked=False, reason="防汛停办"),))
    changed = CenterChanged(
        at=at("10-12 18:00"), center=COUNTY, subject=COUNTY, revision=2, name="沈丘县政务服务中心", parent=None,
        area_code="0394", calendar=flood.to_facts(),
    )  # fmt: skip
    intake.now("10-13 12:00")
    await intake.hear(changed)
    assert "超期3个工作日" in (await bytes_of(intake)).decode()  # one day more, one day off
    assert "超期2个工作日" in (await bytes_of(intake, as_of="2026-10-12")).decode()  # known before that day ended
    assert "超期1个工作日" in (await bytes_of(intake, as_of="2026-10-09")).decode()
    intake.now("10-14 12:00")
    assert "超期2个工作日" in (await bytes_of(intake, as_of="2026-10-12")).decode()


async def test_what_an_earlier_release_computed_is_computed_anew(intake: Intake) -> None:
    await seven(intake)
    live = await bytes_of(intake)

    async def age(session: Any) -> None:
        await session.execute(update(LedgerRow).values(stale=True, category="", source="", state="closed"))

    await intake.do(age)
    assert await pages(intake, category="opinion") == [[]]
    intake.woken.clear()
    await intake.do(lambda session: journal.recompute(session, 4))
    assert intake.woken == {journal.RECOMPUTE}
    await intake.do(lambda session: journal.recompute(session, 4))
    intake.woken.clear()
    await intake.do(journal.recompute)
    assert intake.woken == set()
    assert len((await pages(intake, category="opinion"))[0]) == 3
    assert await bytes_of(intake) == live
