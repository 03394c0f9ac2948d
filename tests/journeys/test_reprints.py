"""Ledger and figures as of a day that is over are the same bytes, whatever was renamed or corrected (mechanism §10)."""

from __future__ import annotations

from typing import Any

from tests.support.town import ADMINISTRATOR, AUDITOR, CLERK, TOWNSHIP, Town

FACTS = "/directory/api/facts"
FIGURES = "/intake/api/figures"
LEDGER = "/intake/api/ledger"
SAID = "集资房办证被退回三次。"


async def rename(town: Town, kind: str, code: str, center: str | None = None, **names: str) -> None:
    """An administrator renames a center, or the department of one."""
    key = f"{center}/{code}" if center else code
    [fact] = [each for each in await town.read(ADMINISTRATOR, f"{FACTS}/{kind}") if each["key"] == key]
    fields = ("center", "short_name") if center else ("parent", "area_code", "place")
    given = {"kind": kind, "code": code, **{name: fact[name] for name in fields}, **names}
    await town.put(ADMINISTRATOR, FACTS, fact=given, revision=fact["revision"], reason="机构改革。")


async def two_days(town: Town) -> str:
    """Five people say the same; one is answered on Tuesday, one was transferred. The last of the five."""
    people = [
        {"kind": "individual", "name": "周春梅", "phone": f"1990000710{n}", "address": "沈丘县槐店镇吉祥路14号"}
        for n in range(5)
    ]
    five = [await town.complaint("cannot", petitioner=person, content=SAID) for person in people]
    moved = await town.complaint("hard", TOWNSHIP)
    await town.order(moved, "transfer", f"coordinator-{TOWNSHIP}", to_center="sq", reason="属县级事项。")
    for each in (*five[:2], moved):
        await town.order(each, "dispatch", lead="zrzy")
    await town.until("Tue 10:00")
    await town.replied(five[0], "reasons")
    await town.order(five[0], "check", passed=True)
    await town.followed_up(five[0], "satisfied", solved=True)
    return five[-1]


async def test_what_was_printed_as_of_a_day_is_printed_the_same_after_renaming_and_correcting(town: Town) -> None:
    last = await two_days(town)
    await town.until("Wed 09:00")
    monday, day = town.day("Mon"), town.day("Tue")
    year, month, _ = map(int, day.split("-"))
    as_of, days = {"as_of": day}, {"from": monday, "to": day}
    monthly = f"{FIGURES}/monthly/{year}/{month}"
    doors: list[tuple[str, dict[str, str]]] = [
        (LEDGER, as_of),
        (f"{LEDGER}.xlsx", as_of),
        (f"{LEDGER}.pdf", as_of),
        (f"{FIGURES}/rates", days | as_of | {"by": "department"}),
        (f"{FIGURES}/rates", days | as_of | {"by": "center"}),
        (f"{FIGURES}/topics", days | as_of),
        (monthly, as_of),
        (f"{monthly}/print", as_of),
        (f"{monthly}/excel", as_of),
    ]

    async def printed() -> dict[str, bytes]:
        answers = [await town.ask(AUDITOR, "GET", door, params=given) for door, given in doors]
        assert {answer.status_code for answer in answers} == {200}
        return {str(answer.url): answer.content for answer in answers}

    async def live() -> tuple[set[str], set[str]]:
        topics = (await town.read(AUDITOR, f"{FIGURES}/topics", **days))["topics"]["groups"]
        rows: list[dict[str, Any]] = await town.read(AUDITOR, LEDGER, center=TOWNSHIP)
        return {each["words"] for each in topics}, {row["备注"].rpartition("；")[2] for row in rows}

    first = await printed()
    assert await live() == ({"集资房办证", "退回"}, {"由纸店镇便民服务中心转沈丘县政务服务中心办理"})
    await rename(town, "department", "zrzy", "sq", name="沈丘县自然资源和规划局", short_name="规划局")
    await rename(town, "center", TOWNSHIP, name="纸店镇便民服务大厅")
    await rename(town, "center", "sq", name="沈丘县政务服务大厅")
    corrected = {"content": "公交改线没有通知。", "reason": "诉求人来电更正。"}
    await town.do(CLERK, f"/intake/api/complaints/{last}/correct", **corrected)
    await town.until("Fri 09:00")  # and somebody is late by now
    assert await printed() == first
    assert await live() == (set(), {"由纸店镇便民服务大厅转沈丘县政务服务大厅办理"})
