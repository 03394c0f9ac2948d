"""Art. 8, committed dates: extended once by three working days at most; a far one needs consent (mechanism §5)."""

from datetime import date

from shared.workdays import Calendar
from tests.support.town import COORDINATOR, Town

WHY = {"reason": "外业测绘受天气影响，需延后。"}
NO = {"approve": False, "reasons": "理由不充分，请按期办结。"}


async def committed(town: Town, *co_handlers: str, day: str = "Thu") -> str:
    """Dispatched on Monday, planned on Tuesday for this day."""
    complaint_id = await town.dispatched("hard", *co_handlers)
    await town.until("Tue 10:00")
    await town.replied(complaint_id, "plan", committed_on=town.day(day))
    return complaint_id


async def asked(town: Town, day: str = "next Tue") -> str:
    """The lead has asked for a later day."""
    complaint_id = await committed(town)
    await town.order(complaint_id, "extend", "officer-zrzy", **WHY, committed_on=town.day(day))
    return complaint_id


async def test_a_lead_asks_before_it_is_due_and_the_date_stands_until_the_coordinator_has_granted_it(
    town: Town,
) -> None:
    complaint_id = await asked(town)
    assert "外业测绘" in await town.letter(complaint_id, "coordinator.to-extend")
    assert await town.due(complaint_id) == "Thu 17:30"
    again = WHY | {"committed_on": town.day("Fri")}
    assert await town.order_refused(complaint_id, "extend", "officer-zrzy", **again) == "extension-pending"


async def test_a_granted_extension_moves_the_clock_and_its_rungs_tells_the_petitioner_and_stands_in_the_ledger(
    town: Town,
) -> None:
    complaint_id = await asked(town)
    await town.order(complaint_id, "extend", approve=True)
    assert await town.due(complaint_id) == "next Tue 17:30"
    assert "承诺时限经批准延期" in await town.letter(complaint_id, "petitioner.due-moved")
    assert "承诺期限由" in (await town.row(complaint_id))["备注"]
    await town.until("next Tue 17:31")
    assert await town.rungs(complaint_id) == [("urged", "next Mon 17:30"), ("supervised", "next Tue 17:30")]


async def test_an_extension_is_granted_once(town: Town) -> None:
    complaint_id = await asked(town, "Fri")
    await town.order(complaint_id, "extend", approve=True)
    again = WHY | {"committed_on": town.day("next Mon")}
    assert await town.order_refused(complaint_id, "extend", "officer-zrzy", **again) == "already-extended"
    assert await town.order_refused(complaint_id, "extend", approve=True) == "nothing-to-decide"


async def test_a_refused_extension_says_why_and_changes_no_date(town: Town) -> None:
    complaint_id = await asked(town)
    assert await town.order_refused(complaint_id, "extend", approve=False) == "incomplete reasons"
    await town.order(complaint_id, "extend", **NO)
    assert await town.due(complaint_id) == "Thu 17:30"
    assert "理由不充分" in await town.letter(complaint_id, "department.extension-refused")
    await town.order(complaint_id, "extend", "officer-zrzy", **WHY, committed_on=town.day("Fri"))
    assert [each["granted"] for each in (await town.file(complaint_id))["extensions"]] == [False, None]


async def test_an_extension_is_three_working_days_at_most_and_says_why_and_until_when(town: Town) -> None:
    complaint_id = await committed(town)
    for day in ("Thu", "Wed", "next Wed"):
        given = WHY | {"committed_on": town.day(day)}
        assert await town.order_refused(complaint_id, "extend", "officer-zrzy", **given) == (
            "bad-extension committed_on"
        )
    assert await town.order_refused(complaint_id, "extend", "officer-zrzy") == "incomplete reason"
    assert await town.order_refused(complaint_id, "extend", "officer-zrzy", **WHY) == "incomplete committed_on"


async def test_an_extension_is_asked_for_by_the_time_it_is_due_not_later(town: Town) -> None:
    in_time, late = await committed(town), await committed(town)
    given = WHY | {"committed_on": town.day("Fri")}
    await town.until("Thu 17:30")
    await town.order(in_time, "extend", "officer-zrzy", **given)
    await town.until("Thu 17:31")
    assert await town.order_refused(late, "extend", "officer-zrzy", **given) == "too-late-to-extend"


async def test_what_was_supervised_before_a_late_grant_has_been_overdue_whatever_the_new_date(town: Town) -> None:
    complaint_id = await asked(town)
    await town.until("Thu 17:31")
    await town.order(complaint_id, "extend", approve=True)
    assert await town.due(complaint_id) == "next Tue 17:30"
    assert (await town.file(complaint_id))["overdue"] is True
    assert (await town.row(complaint_id))["备注"].startswith("已超期；承诺期限由")


async def test_only_a_committed_date_is_extended_and_only_the_lead_asks(town: Town) -> None:
    given = WHY | {"committed_on": town.day("Fri")}
    complaint_id = await town.dispatched("cannot")
    assert await town.order_refused(complaint_id, "extend", "officer-zrzy", **given) == "not-committed"
    complaint_id = await committed(town, "zjj")
    assert await town.order_refused(complaint_id, "extend", "officer-zjj", **given) == "lead-only"
    assert await town.order_refused(complaint_id, "extend", **given) == "not-allowed"
    assert await town.order_refused(complaint_id, "extend", "officer-zrzy", approve=True) == "not-allowed"


def far(town: Town) -> tuple[str, str]:
    """The twentieth working day after this Monday, and the one after it."""
    calendar, monday = Calendar(), date.fromisoformat(town.day("Mon"))
    return calendar.working_day_after(monday, 20).isoformat(), calendar.working_day_after(monday, 21).isoformat()


async def far_off(town: Town) -> str:
    """A plan that commits to the twenty-first working day."""
    complaint_id = await town.dispatched("hard")
    await town.replied(complaint_id, "plan", committed_on=far(town)[1])
    return complaint_id


async def test_a_date_beyond_twenty_working_days_counts_as_given_and_waits_for_consent(town: Town) -> None:
    complaint_id = await town.dispatched("hard")
    await town.replied(complaint_id, "plan", committed_on=far(town)[0])
    assert "coordinator.to-consent" not in await town.told(complaint_id)
    assert await town.order_refused(complaint_id, "consent", approve=True) == "nothing-to-decide"

    complaint_id = await far_off(town)
    file = await town.file(complaint_id)
    assert (file["stage"], file["due_at"][:10]) == ("result", far(town)[1])
    assert "coordinator.to-consent" in await town.told(complaint_id)


async def test_consent_leaves_the_date_where_it_is(town: Town) -> None:
    complaint_id = await far_off(town)
    await town.order(complaint_id, "consent", approve=True)
    assert (await town.file(complaint_id))["due_at"][:10] == far(town)[1]
    assert "department.consent-given" in await town.told(complaint_id)
    assert await town.order_refused(complaint_id, "consent", approve=True) == "nothing-to-decide"


async def test_without_consent_the_twentieth_working_day_stands_and_lead_and_petitioner_hear_it(town: Town) -> None:
    complaint_id = await far_off(town)
    assert await town.order_refused(complaint_id, "consent", approve=False) == "incomplete reasons"
    await town.order(complaint_id, "consent", **NO)
    assert (await town.file(complaint_id))["due_at"][:10] == far(town)[0]
    assert {"department.consent-refused", "petitioner.due-moved"} <= await town.told(complaint_id)
    later = WHY | {"committed_on": far(town)[1]}
    await town.order(complaint_id, "extend", "officer-zrzy", **later)  # what it needs more it may ask for
    await town.order(complaint_id, "extend", approve=True)
    assert (await town.file(complaint_id))["due_at"][:10] == far(town)[1]


async def test_no_more_is_granted_than_three_working_days_after_the_date_that_stands(town: Town) -> None:
    complaint_id = await far_off(town)
    later = Calendar().working_day_after(date.fromisoformat(far(town)[1]), 3).isoformat()
    await town.order(complaint_id, "extend", "officer-zrzy", reason="外业受天气影响。", committed_on=later)
    await town.order(complaint_id, "consent", **NO)
    assert await town.order_refused(complaint_id, "extend", approve=True) == "no-longer-soon-enough"
    await town.order(complaint_id, "extend", **NO)
    assert (await town.file(complaint_id))["due_at"][:10] == far(town)[0]


async def test_what_was_not_dispatched_has_no_clock_to_be_explained(town: Town) -> None:
    complaint_id = await town.complaint("hard")
    assert await town.not_told(COORDINATOR, f"/sla/api/clocks/{complaint_id}") == "no-clock"
    await town.order(complaint_id, "dispatch", lead="zrzy")
    assert await town.not_told(COORDINATOR, f"/sla/api/clocks/{complaint_id}/2/explain") == "no-clock"
