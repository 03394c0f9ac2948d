"""Figures of a period, counted by hand beside what a county did in two weeks (mechanism §9, §11; Art. 2, 8 to 10)."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.papers import pdf_text
from tests.support.town import AUDITOR, COORDINATOR, TOWNSHIP, Town

FIGURES = "/intake/api/figures"
LEAD, OTHER = "sq/zrzy", "sq/zjj"


def rate(hits: int, sample: int) -> dict[str, Any]:
    return {"hits": hits, "sample": sample, "percent": round(100 * hits / sample, 1) if sample else None}


@dataclass(frozen=True)
class Weeks:
    """Two weeks that have passed, and their days."""

    town: Town
    days: dict[str, str]

    async def read(self, door: str, who: str = AUDITOR, **given: Any) -> Any:
        """What a door tells of them."""
        of = {"from": self.days["Mon"], "to": self.days["next Fri"]}
        return await self.town.read(who, f"{FIGURES}/{door}", **of | given)


@pytest.fixture(scope="module")
async def weeks(house_of_the_county: Town) -> Weeks:
    """Played once: everybody only reads of them."""
    town = house_of_the_county
    await town.new_week()
    days = {day: town.day(day) for day in ("Mon", "Wed", "next Mon", "next Fri")}
    await play(town)
    return Weeks(town, days)


async def play(town: Town) -> None:
    """Two weeks of six complaints.

    - prompt: cannot, answered on Tuesday, checked, satisfied and solved
    - late: cannot, answered on the Friday after its Thursday; dissatisfied and not solved, redone, satisfied at last
    - silent: cannot, never answered: urged, supervised, reported
    - settled: general, settled at once, basically satisfied
    - other: not-given by another department, answered the same day; nobody reached
    - town: hard, taken in by a township and transferred to the county, which has yet to dispatch it
    """
    found = {
        "prompt": await town.dispatched("cannot"),
        "late": await town.dispatched("cannot"),
        "silent": await town.dispatched("cannot"),
        "settled": await town.complaint("general"),
        "other": await town.dispatched("refused", lead="zjj"),
        "town": await town.complaint("hard", TOWNSHIP),
    }
    await town.do("clerk-sq", f"/intake/api/complaints/{found['settled']}/settle", result="已当场协调办理。")
    await town.followed_up(found["settled"], "basically_satisfied")
    await town.order(found["town"], "transfer", f"coordinator-{TOWNSHIP}", to_center="sq", reason="属县级事项。")
    await town.until("Mon 10:00")
    await town.replied(found["other"], "result", "zjj")
    await town.order(found["other"], "check", passed=True)
    await town.followed_up(found["other"], "unreachable")
    await town.until("Tue 10:00")
    await town.replied(found["prompt"], "reasons")
    await town.order(found["prompt"], "check", passed=True)
    await town.followed_up(found["prompt"], "satisfied", solved=True)
    await town.until("Fri 10:00")
    await town.replied(found["late"], "reasons")
    await town.order(found["late"], "check", passed=True)
    await town.followed_up(found["late"], "dissatisfied", solved=False, then="redo")
    await town.until("next Mon 10:00")
    await town.replied(found["late"], "reasons")
    await town.order(found["late"], "check", passed=True)
    await town.followed_up(found["late"], "satisfied", solved=True)
    await town.until("next Fri 18:00")


async def test_rates_are_those_counted_by_hand(weeks: Weeks) -> None:
    told = await weeks.read("rates")
    assert told["rates"] == {
        # prompt, late, silent, other and settled were due; late and silent were not answered in time.
        "response": rate(3, 5),
        # The legs of prompt, late (two), silent and other: late's first and silent's missed it.
        "on_time": rate(3, 5),
        # Said of prompt, and of late twice.
        "solution": rate(2, 3),
        # prompt, settled, and late the second time, but not the first.
        "satisfaction": rate(3, 4),
        "unreachable": 1,
    }
    assert told["handling"]["ended"] == 3
    courts, whole = told["handling"]["courts"], told["handling"]["whole"]
    for kind in ("working", "elapsed"):
        assert sum(court[kind] for court in courts.values()) == whole[kind]
    # prompt: from Monday 9:00 to Tuesday 10:00; late: to Friday 10:00, and to Monday 10:00; a day has 6.5 office hours.
    assert courts["lead"]["working"] == 3600 * ((6.5 + 1) + (4 * 6.5 + 1) + 6.5)
    assert courts["office"]["working"] == courts["petitioner"]["working"] == 0


async def test_rates_are_split_by_center_department_channel_and_category(weeks: Weeks) -> None:
    by = {
        split: {part["code"]: part for part in (await weeks.read("rates", by=split))["parts"]}
        for split in ("center", "department", "channel", "category")
    }
    assert by["center"]["sq"]["rates"]["response"] == rate(3, 5)
    assert by["center"][TOWNSHIP]["rates"]["response"] == rate(0, 0)
    assert by["department"][LEAD]["rates"]["on_time"] == rate(2, 4)
    assert by["department"][OTHER]["rates"]["on_time"] == rate(1, 1)
    assert by["department"][LEAD]["name"] == "自然资源局"
    assert set(by["channel"]) == {"hotline-12345"}
    assert by["category"]["complaint"]["rates"]["satisfaction"] == rate(3, 4)


async def test_the_same_day_is_printed_the_same_again_whatever_happened_since(weeks: Weeks) -> None:
    town, day, monday = weeks.town, weeks.days["Wed"], weeks.days["Mon"]
    doors = {
        "rates": {"from": monday, "to": day, "as_of": day, "by": "department"},
        "equality": {"from": monday, "to": day, "as_of": day},
        "gaming": {"from": monday, "to": day, "as_of": day},
    }

    async def printed() -> list[bytes]:
        answers = [await town.ask(AUDITOR, "GET", f"{FIGURES}/{door}", params=given) for door, given in doors.items()]
        assert {answer.status_code for answer in answers} == {200}
        return [answer.content for answer in answers]

    first = await printed()
    told = await town.read(AUDITOR, f"{FIGURES}/rates", **doors["rates"])
    assert told["rates"]["satisfaction"] == rate(2, 2)  # prompt and settled; late was asked on Friday
    assert told["rates"]["response"] == rate(2, 2)  # other and settled; the others' date had not come
    await town.dispatched("cannot")
    assert await printed() == first


async def test_a_month_is_reported_by_center_and_department_beside_the_month_before(weeks: Weeks) -> None:
    town = weeks.town
    year, month, _ = map(int, weeks.days["next Mon"].split("-"))
    report = await town.read(AUDITOR, f"{FIGURES}/monthly/{year}/{month}")
    assert {line["code"] for line in report["centers"]} >= {"sq", TOWNSHIP}
    [lead] = [line for line in report["departments"] if line["code"] == LEAD]
    [other] = [line for line in report["departments"] if line["code"] == OTHER]
    assert other["rank"] == 1
    assert lead["rank"] > other["rank"]
    assert lead["now"]["rungs"]["reported"] >= 1
    assert lead["now"]["redone"] >= 1
    assert lead["now"]["overdue"] >= 2
    center = report["now"]
    assert center["registered"] == sum(line["now"]["registered"] for line in report["centers"])
    assert center["closed"] == sum(center["by_final"].values())
    printed = [await town.ask(AUDITOR, "GET", f"{FIGURES}/monthly/{year}/{month}/print") for _ in range(2)]
    assert printed[0].content == printed[1].content
    assert "按时率" in "".join(pdf_text(printed[0].content))
    assert {"first", "last", "as_of"} == report["days_before"].keys()
    assert (await town.read(AUDITOR, f"{FIGURES}/monthly/{year}/{month}"))["now"] == center


async def test_a_quarter_is_drafted_for_an_editor(weeks: Weeks) -> None:
    year, month, _ = map(int, weeks.days["next Mon"].split("-"))
    draft = await weeks.town.read(AUDITOR, f"{FIGURES}/quarterly/{year}/{(month + 2) // 3}")
    assert draft["title"].startswith(f"{year}年第{(month + 2) // 3}季度")
    assert all(sentence.endswith("。") for sentence in draft["sentences"])
    assert f"共受理诉求{draft['figures']['registered']}件" in draft["sentences"][0]
    assert draft["practice"].startswith("（请补充")
    assert draft["cases"] == []


@pytest.mark.parametrize(
    ("path", "asked", "code"),
    [
        ("/intake/ledger", {"from": "十月"}, "bad-date from"),
        ("/intake/ledger", {"triage": "whim"}, "bad-filter triage"),
        ("/intake/ledger", {"text": "短"}, "bad-filter text"),
        ("/intake/figures/months", {"month": "2022-13"}, "bad-month month"),
    ],
)
async def test_what_a_ledger_or_a_month_is_narrowed_to_has_to_be_something(
    town: Town, path: str, asked: dict[str, str], code: str
) -> None:
    assert await town.not_told(COORDINATOR, path, **asked) == code
