"""Digests: each department hears what it owes, inspection what was supervised and reported; nobody hears nothing."""

from __future__ import annotations

from typing import Any

from shared.events import Event
from shared.events.dispatch import AgendaCompiled, WeekCompiled
from shared.events.intake import Triage
from shared.events.sla import DigestDue, Rung
from tests.support.alone import at
from tests.support.dispatching import Desk, desk, officer

__all__ = ["desk"]

ZRZY, ZJJ = officer("sq/zrzy"), officer("sq/zjj")


async def dispatched(desk: Desk, due: str, *co_handlers: str) -> str:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy", co_handlers=list(co_handlers))
    await desk.due_at(complaint_id, due)
    return complaint_id


def morning(when: str, **given: Any) -> DigestDue:
    now = at(when)
    return DigestDue(
        at=now, center="sq", subject=f"{now.date()}", day=now.date(), centers=["sq", "sq-zhidian"], **given
    )


def of(events: list[Event], kind: type[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


async def test_a_department_hears_what_is_open_overdue_and_due_today_and_tomorrow(desk: Desk) -> None:
    late = await dispatched(desk, "11-24 17:30")
    today = await dispatched(desk, "11-26 17:30", "zjj")
    tomorrow = await dispatched(desk, "11-27 17:30")
    later = await dispatched(desk, "11-30 17:30")
    due = morning("11-26 08:31")
    await desk.hear(due, due)
    zjj, zrzy = of(await desk.told(), AgendaCompiled)
    assert (zrzy.subject, zrzy.center, zrzy.open) == ("sq/zrzy", "sq", 4)
    lists = [[each.complaint_id for each in listed] for listed in (zrzy.overdue, zrzy.due_today, zrzy.due_tomorrow)]
    assert lists == [[late], [today], [tomorrow]]
    assert all(later not in listed for listed in lists)
    assert (zjj.subject, zjj.open, [each.complaint_id for each in zjj.due_today]) == ("sq/zjj", 1, [today])


async def test_who_has_answered_owes_nothing_and_hears_nothing(desk: Desk) -> None:
    complaint_id = await dispatched(desk, "11-26 17:30", "zjj")
    await desk.act(complaint_id, "reply", ZJJ, kind="result", text="已经配合。")
    await desk.hear(morning("11-25 08:31"))
    assert [event.subject for event in of(await desk.told(), AgendaCompiled)] == ["sq/zrzy"]
    await desk.act(complaint_id, "reply", ZRZY, kind="result", text="已经办结。")
    await desk.hear(morning("11-26 08:31"))
    assert len(of(await desk.told(), AgendaCompiled)) == 1


async def test_a_co_handler_nobody_waits_for_any_more_owes_nothing(desk: Desk) -> None:
    complaint_id = await dispatched(desk, "11-26 17:30", "zjj")
    await desk.act(complaint_id, "overrule", reason="与本件已无关联，牵头部门可以先报结果。")
    await desk.hear(morning("11-25 08:31"))
    assert [event.subject for event in of(await desk.told(), AgendaCompiled)] == ["sq/zrzy"]


WEEK = {"week_since": at("11-23 00:00"), "week_until": at("11-30 00:00")}


async def test_inspection_hears_of_the_weeks_supervisions_and_reports_also_those_by_hand(desk: Desk) -> None:
    complaint_id = await dispatched(desk, "11-24 17:30")
    desk.now("11-24 17:31")
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, at("11-24 17:30")))
    desk.now("11-25 10:00")
    await desk.act(complaint_id, "supervise", requirement="请今日答复。")
    desk.now("11-25 17:31")
    await desk.hear(desk.due(complaint_id, Rung.REPORTED, at("11-25 17:30")))
    await desk.hear(morning("11-30 08:31", **WEEK))
    [week] = of(await desk.told(), WeekCompiled)
    assert (week.subject, week.center) == ("sq", "sq")
    assert [each.at for each in week.supervised] == [at("11-24 17:31"), at("11-25 10:00")]
    assert [(each.complaint_id, each.late[0].department) for each in week.reported] == [(complaint_id, "zrzy")]


async def test_of_a_week_in_which_nobody_was_late_there_is_nothing_to_hear(desk: Desk) -> None:
    complaint_id = await dispatched(desk, "11-24 17:30")
    desk.now("11-24 17:31")
    await desk.hear(desk.due(complaint_id, Rung.URGED, at("11-23 17:30")))
    await desk.hear(morning("11-30 08:31", **WEEK))
    assert of(await desk.told(), WeekCompiled) == []
