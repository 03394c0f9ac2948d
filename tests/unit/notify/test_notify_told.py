"""Who is told what (mechanism §2, §5 to §7, §9): for every event, everyone and nobody else."""

from datetime import datetime

import pytest

from services.notify.domain import told, words
from services.notify.domain.facts import Matter, Notice, OpenLeg, hidden_from
from services.notify.domain.templates import PERSONAL, TEMPLATES
from services.notify.domain.told import opens_at
from shared.events import sla
from shared.workdays import CHINA, Calendar
from tests.support.examples import example
from tests.support.notices import ALONE, NAMES, NOBODY, TOGETHER, TOLD, WINDOW

every_case = pytest.mark.parametrize(("notices", "expected"), TOLD.values(), ids=TOLD)


@every_case
def test_everyone_who_must_know_is_told_and_nobody_else(notices: list[Notice], expected: set[str]) -> None:
    assert {f"{notice.recipient.code}: {notice.template}" for notice in notices} == expected
    assert len(notices) == len(expected), "someone is told twice"


@every_case
def test_every_place_of_a_template_is_filled_and_nothing_is_kept_that_has_none(
    notices: list[Notice], expected: set[str]
) -> None:
    for notice in notices:
        assert set(notice.params) == TEMPLATES[notice.template].places - PERSONAL, notice.template


@every_case
def test_nothing_personal_is_kept_with_a_message(notices: list[Notice], expected: set[str]) -> None:
    assert all(PERSONAL.isdisjoint(notice.params) for notice in notices)


def test_every_template_is_used() -> None:
    assert {notice.template for notices, _ in TOLD.values() for notice in notices} == set(TEMPLATES)


def test_government_and_inspection_get_nothing_of_the_petitioner() -> None:
    assert not [
        name for name, each in TEMPLATES.items() if name.startswith(("government.", "inspection.")) and each.is_personal
    ]


def test_a_co_handler_has_its_own_date_and_the_lead_the_orders() -> None:
    early, late = datetime(2026, 11, 25, 17, 30, tzinfo=CHINA), datetime(2026, 11, 26, 17, 30, tzinfo=CHINA)
    event = example(sla.ClockStarted, due_at=late, co_handlers_due_at=early, provisional=False)
    due = {
        notice.recipient.code: notice.params["due"]
        for notice in told.clock_started(event, WINDOW, TOGETHER, {}, NOBODY)
    }
    assert due == {
        "sq/zrzy": "2026年11月26日17:30",
        "sq/zjj": "2026年11月25日17:30",
        "petitioner": "2026年11月26日17:30",
    }


@pytest.mark.parametrize(("leg", "roles"), [(ALONE, ["承办部门"]), (TOGETHER, ["牵头部门", "协办部门"])])
def test_each_department_knows_its_part(leg: OpenLeg, roles: list[str]) -> None:
    notices = told.clock_started(example(sla.ClockStarted), WINDOW, leg, NAMES, NOBODY)
    assert [notice.params["role"] for notice in notices if "role" in notice.params] == roles


def test_a_provisional_date_says_so() -> None:
    notices = told.clock_moved(example(sla.ClockMoved, provisional=True), WINDOW, ALONE)
    assert {notice.params["due"] for notice in notices} == {"2026年11月26日17:30（暂定）"}


def test_a_co_handler_s_own_date_moves_too() -> None:
    own = datetime(2026, 11, 25, 17, 30, tzinfo=CHINA)
    notices = told.clock_moved(example(sla.ClockMoved, co_handlers_due_at=own, provisional=False), WINDOW, TOGETHER)
    assert [notice.params["due"][-8:] for notice in notices] == ["26日17:30", "26日17:30", "25日17:30"]


def test_several_departments_are_named_with_their_lead() -> None:
    *_, petitioner = told.clock_started(example(sla.ClockStarted), WINDOW, TOGETHER, NAMES, NOBODY)
    assert petitioner.params["departments"] == "自然资源局（牵头）、住建局"


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-23T09:00", None),
        ("2026-11-23T20:00", "2026-11-24T08:30"),
        ("2026-11-28T10:00", "2026-11-30T08:30"),
        ("2026-10-10T10:00", None),
    ],
    ids=["in office hours", "in the evening", "on a Saturday", "on a Saturday that is worked"],
)
def test_after_hours_the_petitioner_hears_when_work_begins_again(at: str, opens: str | None) -> None:
    found = opens_at(Calendar(), datetime.fromisoformat(at).replace(tzinfo=CHINA))
    assert (found and f"{found:%Y-%m-%dT%H:%M}") == opens


@pytest.mark.parametrize(
    ("confidential", "about", "hidden"),
    [
        (False, "zrzy", []),
        (True, "zrzy", ["sq/zrzy"]),
        (True, "sq/zrzy", ["sq/zrzy"]),
        (True, "自然资源局", ["sq/zrzy"]),
        (True, "沈丘县自然资源局不动产窗口", ["sq/zrzy"]),
        (True, "资源局", ["sq/zrzy"]),
        (True, "槐店镇便民服务中心", []),
        (True, "窗口的老李", ["sq/zrzy", "sq/zjj"]),
        (True, None, ["sq/zrzy", "sq/zjj"]),
    ],
)
def test_a_confidential_petitioner_is_hidden_from_whom_it_complains_about(
    confidential: bool, about: str | None, hidden: list[str]
) -> None:
    matter = Matter("SQ-2026-0231", "window", "CK1", "sq", confidential, about)
    assert hidden_from(matter, ["sq/zrzy", "sq/zjj"], NAMES) == set(hidden)


def test_of_many_orders_a_digest_names_the_first_and_says_how_many_there_are() -> None:
    assert words.listed("已逾期", ["甲", "乙"]) == "已逾期2件：甲、乙。"
    assert words.listed("已逾期", ["甲"] * 21) == f"已逾期21件：{'、'.join(['甲'] * 20)}等。"
    assert words.listed("已逾期", []) == ""
