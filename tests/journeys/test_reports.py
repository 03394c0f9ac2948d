"""Reports that look closer: who plays with the clock, what many people complain of (mechanism §11; Art. 7 to 10)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.town import AUDITOR, CLERK, HEAD, HOTLINE, TOWNSHIP, Town

FIGURES = "/intake/api/figures"


def practice(hits: int, sample: int, *numbers: str) -> dict[str, Any]:
    """How often it was done, of how many, and the complaints to look at."""
    percent = round(100 * hits / sample, 1) if sample else None
    return {"rate": {"hits": hits, "sample": sample, "percent": percent}, "numbers": list(numbers)}


NEVER = practice(0, 0)
PEOPLE = ("赵铁柱", "钱多多", "孙巧玲", "李雪梅", "周大勇", "吴小莉")


async def gaming(town: Town, department: str, **thresholds: int) -> dict[str, Any]:
    """What the report says of this department in the two weeks."""
    days = {"from": town.day("Mon"), "to": town.day("next Sun")}
    told = await town.read(AUDITOR, f"{FIGURES}/gaming", **days, **thresholds)
    [line] = [line for line in told["departments"] if line["code"] == f"sq/{department}"]
    practices = ("just_before", "late_declines", "extended", "serial_extensions", "serial_plans")
    return {name: line[name] for name in practices}


async def number_of(town: Town, complaint_id: str) -> str:
    """The number of a complaint."""
    return str((await town.file(complaint_id))["number"])


async def test_an_answer_just_before_the_date_that_had_to_be_given_again_is_shown(town: Town) -> None:
    early, late, good = [await town.dispatched("cannot") for _ in range(3)]
    await town.until("Wed 10:00")
    await town.replied(early, "reasons")
    await town.until("Thu 17:00")  # half an hour before it is due
    await town.replied(late, "reasons")
    await town.replied(good, "reasons")
    await town.order(good, "check", passed=False, reasons="依据不完整，请补充。")
    await town.replied(good, "reasons")
    for each, satisfaction in ((early, "dissatisfied"), (late, "dissatisfied"), (good, "satisfied")):
        await town.order(each, "check", passed=True)
        then = {"then": "redo"} if satisfaction == "dissatisfied" else {}
        await town.followed_up(each, satisfaction, **then)
    await town.until("Fri 18:00")
    found = practice(2, 4, await number_of(town, good), await number_of(town, late))
    assert await gaming(town, "zrzy") == {
        "just_before": found, "late_declines": NEVER, "extended": NEVER, "serial_extensions": NEVER,
        "serial_plans": NEVER,
    }  # fmt: skip
    assert (await gaming(town, "zrzy", just_before_minutes=29))["just_before"] == practice(0, 4)


async def test_a_decline_near_the_date_is_shown_beside_all_declines(town: Town) -> None:
    early, late = await town.dispatched("refused", lead="zjj"), await town.dispatched("refused", lead="zjj")
    ground = {"reason": "该事项的审批权限已划转自然资源局。"}
    await town.until("Mon 10:00")
    await town.order(early, "decline", "officer-zjj", **ground)
    await town.until("Mon 16:30")  # an hour before business closes
    await town.order(late, "decline", "officer-zjj", **ground)
    assert (await gaming(town, "zjj"))["late_declines"] == practice(1, 2, await number_of(town, late))


async def test_extensions_and_plans_of_one_complaint_are_counted_and_shown_from_the_one_that_is_too_many(
    town: Town,
) -> None:
    complaint_id = await town.dispatched("hard", lead="swj")
    await town.until("Tue 10:00")
    await town.replied(complaint_id, "plan", "swj", committed_on=town.day("Thu"))
    later = {"reason": "外业测绘受天气影响，需延后。", "committed_on": town.day("Fri")}
    await town.order(complaint_id, "extend", "officer-swj", **later)
    await town.order(complaint_id, "extend", approve=True)
    line = await gaming(town, "swj")
    assert (line["serial_extensions"], line["serial_plans"]) == (practice(0, 1), practice(0, 1))
    assert line["extended"] == practice(1, 1)
    line = await gaming(town, "swj", extensions=1, plans=1)
    shown = practice(1, 1, await number_of(town, complaint_id))
    assert (line["serial_extensions"], line["serial_plans"]) == (shown, shown)


@pytest.mark.parametrize("report", ["gaming", "topics"])
async def test_a_report_is_read_by_those_it_concerns_and_not_by_a_department(town: Town, report: str) -> None:
    for who in (CLERK, HEAD, "supervisor-sq", "government-sq"):
        assert (await town.ask(who, "GET", f"{FIGURES}/{report}")).status_code == 200, who
    assert (await town.ask("officer-zrzy", "GET", f"{FIGURES}/{report}")).status_code == 403
    assert (await town.ask(None, "GET", f"{FIGURES}/{report}")).status_code == 401


async def bus_moved(town: Town, n: int, by: str = HOTLINE, center: str = "sq") -> str:
    """One of many says, and who says so, that the bus goes elsewhere; the number."""
    name, phone = PEOPLE[n], f"1990000720{n}"
    person = {"kind": "individual", "name": name, "phone": phone, "address": "沈丘县槐店镇吉祥路14号"}
    said = {"content": f"公交改线没有通知，{name}，电话{phone}。", "service_item": "公交线路调整"}
    return (await town.complains(by, petitioner=person, center=center, **said))["number"]


async def test_what_five_people_complain_of_is_a_topic_against_the_days_before_and_nobody_is_named(town: Town) -> None:
    for n in range(2):
        await bus_moved(town, n)
    await town.until("next Mon 09:00")
    channels = (HOTLINE, "sample-governance-center", "sample-web", CLERK, HOTLINE)
    numbers = [await bus_moved(town, n, by) for n, by in enumerate(channels)]
    await bus_moved(town, 0)  # again, and no sixth person
    await bus_moved(town, 5, center=TOWNSHIP)
    days = {"from": town.day("next Mon"), "to": town.day("next Sun")}
    told = await town.read(AUDITOR, f"{FIGURES}/topics", **days, center="sq")
    assert told["days_before"] == {"first": town.day("Mon"), "last": town.day("Sun"), "as_of": None}
    assert (told["topics"]["complaints"], told["topics"]["complaints_before"]) == (6, 2)
    [item] = told["topics"]["items"]
    assert (item["words"], item["people"], item["before"]) == ("公交线路调整", 5, 2)
    assert len(set(item["numbers"]) & set(numbers)) >= 2
    groups = {each["words"]: (each["people"], each["before"]) for each in told["topics"]["groups"]}
    assert groups["公交改线"] == (5, 2)
    assert not any(name in words or words in name for name in PEOPLE for words in groups)
    county_wide = await town.read(AUDITOR, f"{FIGURES}/topics", **days)
    assert county_wide["topics"]["items"][0]["people"] == 6
