"""Notices and local days, wherever they stand and whatever is done to them: the whole grids (Art. 8, mechanism §5)."""

from __future__ import annotations

from itertools import product

import pytest

from tests.service.test_directory_calendars import (
    EXTENSION,
    FLOOD,
    NOTICE,
    confirmed,
    day,
    directory,
    done,
    problem,
    told,
)
from tests.support.alone import Alone

__all__ = ["directory"]

WHY = {"reason": "载入有误。"}
NOTICES = """
           load            withdraw
none       yes             no-such-notice
standing   already-loaded  yes
amended    already-loaded  amended-since
counted    already-loaded  day-is-past
withdrawn  yes             already-withdrawn
"""
LOCAL_DAYS = """
           set      remove
none       yes      no-such-local-day
standing   invalid  yes
past       invalid  day-is-past
removed    yes      already-removed
"""


def grid(text: str) -> dict[tuple[str, str], str]:
    """What is answered, by state and action."""
    head, *lines = [line.split() for line in text.strip().splitlines()]
    return {(line[0], action): answer for line in lines for action, answer in zip(head, line[1:], strict=True)}


@pytest.mark.parametrize(("state", "action"), grid(NOTICES))
async def test_a_notice_is_loaded_and_withdrawn_where_it_may_be_and_nowhere_else(
    directory: Alone, state: str, action: str
) -> None:
    if state != "none":
        await confirmed(directory, NOTICE)
    if state == "amended":
        await confirmed(directory, EXTENSION)
    if state == "withdrawn":
        await done(directory, "POST", "holiday-notices/1/withdraw", **WHY)
    if state == "counted":
        directory.now("2027-02-06 09:00")  # 31 January was a Sunday of work
    path, given = {
        "load": ("holiday-notices/preview", {"text": NOTICE}),
        "withdraw": ("holiday-notices/1/withdraw", WHY),
    }[action]
    await _answered(directory, path, given, grid(NOTICES)[state, action])


@pytest.mark.parametrize(("state", "action"), grid(LOCAL_DAYS))
async def test_a_local_day_is_set_and_removed_where_it_may_be_and_nowhere_else(
    directory: Alone, state: str, action: str
) -> None:
    local_day_id = "none"
    if state != "none":
        [row] = await done(directory, "POST", "local-days", **FLOOD)
        local_day_id = row["id"]
    if state == "removed":
        await done(directory, "POST", f"local-days/{local_day_id}/remove", **WHY)
    if state == "past":
        directory.now("11-26 09:00")
    path, given = {"set": ("local-days", FLOOD), "remove": (f"local-days/{local_day_id}/remove", WHY)}[action]
    await _answered(directory, path, given, grid(LOCAL_DAYS)[state, action])


async def _answered(directory: Alone, path: str, given: dict[str, object], answer: str) -> None:
    if answer == "yes":
        await done(directory, "POST", path, **given)
        return
    refusal = await problem(directory, "POST", path, **given)
    assert refusal["code"] == answer
    assert refusal["detail"].endswith("。")


def test_the_grids_are_whole() -> None:
    for text in (NOTICES, LOCAL_DAYS):
        states, actions = ({key[place] for key in grid(text)} for place in (0, 1))
        assert set(grid(text)) == set(product(states, actions))


async def test_a_notice_that_is_withdrawn_is_told_stays_in_the_record_and_counts_no_more(directory: Alone) -> None:
    await confirmed(directory, NOTICE)
    before = (await told(directory)).to_facts()
    withdrawn = await done(directory, "POST", "holiday-notices/1/withdraw", **WHY)
    assert (withdrawn["withdrawn_by"], withdrawn["withdrawn_because"]) == ("admin", "载入有误。")
    assert (await day(directory, "2027-02-20"))["why"] == "暂定：周末"
    for center in ("sq", "sq-fujing"):
        assert (await told(directory, center)).to_facts() != before
    assert await done(directory, "GET", "holiday-notices") == []
    assert await done(directory, "GET", "holiday-notices", {"withdrawn": True}) == [withdrawn]
    assert (await problem(directory, "POST", "holiday-notices/1/withdraw"))["code"] == "invalid"


async def test_what_a_withdrawn_notice_had_replaced_stands_again(directory: Alone) -> None:
    await confirmed(directory, NOTICE)
    await confirmed(directory, NOTICE.replace("6月9日（周三）", "6月10日（周四）"))
    assert (await day(directory, "2027-06-09"))["counts"]
    await done(directory, "POST", "holiday-notices/2/withdraw", **WHY)
    assert (await day(directory, "2027-06-09"))["why"].startswith("端午节放假")
    assert (await confirmed(directory, EXTENSION))["number"] == 3


FACTS = """
           enter          correct       retire        restore
none       yes            no-such-fact  no-such-fact  no-such-fact
active     already-there  yes           yes           yes
retired    already-there  yes           yes           yes
"""
"""What is retired already is retired without more ado, and likewise restored: nothing is told anew."""
UNIT = {"kind": "unit", "name": "沈丘县邮政分公司", "way": "refer"}


@pytest.mark.parametrize(("state", "action"), grid(FACTS))
async def test_a_fact_is_entered_once_and_what_there_is_can_be_corrected_retired_and_restored(
    directory: Alone, state: str, action: str
) -> None:
    revision = 1
    if state != "none":
        await done(directory, "POST", "facts", **UNIT)
    if state == "retired":
        retired = await done(directory, "POST", "facts/retire", **SWITCH, revision=1)
        revision = retired["revision"]
    method, path, given = {
        "enter": ("POST", "facts", UNIT),
        "correct": ("PUT", "facts", {"fact": UNIT | {"phone": "11183"}, "revision": revision, **WHY}),
        "retire": ("POST", "facts/retire", SWITCH | {"revision": revision}),
        "restore": ("POST", "facts/restore", SWITCH | {"revision": revision}),
    }[action]
    if (answer := grid(FACTS)[state, action]) == "yes":
        fact = await done(directory, method, path, **given)
        assert fact["active"] is (action != "retire" and not (state == "retired" and action == "correct"))
    else:
        assert (await problem(directory, method, path, **given))["code"] == answer


SWITCH = {"kind": "unit", "key": UNIT["name"]} | WHY
