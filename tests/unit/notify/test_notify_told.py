"""Who is told what (mechanism §2, §5 to §7, §9): for every event, everyone and nobody else."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from services.notify.domain import cases, digests, told, words
from services.notify.domain.facts import Began, Matter, Notice, OpenLeg, hidden_from
from services.notify.domain.templates import PERSONAL, TEMPLATES
from services.notify.domain.told import opens_at
from shared.events import casebook, dispatch, intake, sla
from shared.events.dispatch import Final, Party, ReplyKind, Stage
from shared.events.intake import Triage
from shared.workdays import CHINA, Calendar
from tests.support.asked import ASKED
from tests.support.examples import example

NAMES = {"sq/zrzy": "自然资源局", "sq/zjj": "住建局", "sq": "县政务服务中心", "sq-huaidian": "槐店镇便民服务中心"}
HOTLINE = Matter("SQ-2026-0231", "hotline-12345", "HL1", "sq")
WINDOW = Matter("SQ-2026-0231", "window", "CK1", "sq")
DUE = example(sla.ClockMoved).due_at
ALONE = OpenLeg(Began.DISPATCHED, Stage.REPLY, "sq/zrzy")
TOGETHER = OpenLeg(Began.DISPATCHED, Stage.REPLY, "sq/zrzy", ("sq/zjj",))
PLANNED = OpenLeg(Began.REPLIED, Stage.RESULT, "sq/zrzy", ("sq/zjj",))
ZRZY, ZJJ = Party(center="sq", department="zrzy"), Party(center="sq", department="zjj")
NOBODY: frozenset[str] = frozenset()
NIGHT = datetime(2026, 11, 23, 20, tzinfo=CHINA)
MORNING = datetime(2026, 11, 24, 8, 30, tzinfo=CHINA)


def replied(kind: ReplyKind, matter: Matter = WINDOW, **given: Any) -> list[Notice]:
    event = example(dispatch.OrderReplied, kind=kind, **({"needs_consent": False, "is_lead": True} | given))
    return told.replied(event, matter, "sq/zrzy", NAMES)


def checked(passed: bool, kind: ReplyKind = ReplyKind.RESULT, matter: Matter = WINDOW) -> list[Notice]:
    event = example(dispatch.OrderChecked, passed=passed)
    return told.checked(event, matter, TOGETHER, (kind, "已补办登记。") if passed else None)


def started(leg: OpenLeg, matter: Matter = WINDOW, hidden: frozenset[str] = NOBODY) -> list[Notice]:
    return told.clock_started(example(sla.ClockStarted), matter, leg, NAMES, hidden)


TOLD: dict[str, tuple[list[Notice], set[str]]] = {
    "registered at the window": (
        told.registered(example(intake.ComplaintRegistered, source="window"), None),
        {"petitioner: petitioner.registered"},
    ),
    "registered on the web after hours": (
        told.registered(example(intake.ComplaintRegistered, source="web"), MORNING),
        {"petitioner: petitioner.registered-after-hours"},
    ),
    "registered by the hotline": (
        told.registered(example(intake.ComplaintRegistered, source="hotline-12345"), None),
        {"petitioner: petitioner.registered", "hotline-12345: channel.registered"},
    ),
    "a channel's submission rejected": (
        told.rejected(example(intake.SubmissionRejected, source="governance-center")),
        {"governance-center: channel.rejected"},
    ),
    "a submission rejected at the window": (
        told.rejected(example(intake.SubmissionRejected, source="window")),
        set(),
    ),
    "triaged as general": (
        told.triaged(example(intake.ComplaintTriaged, triage=Triage.GENERAL), WINDOW),
        set(),
    ),
    **{
        f"triaged as {triage}": (
            told.triaged(example(intake.ComplaintTriaged, triage=triage), WINDOW),
            {"coordinator@sq: coordinator.to-review"},
        )
        for triage in Triage
        if triage is not Triage.GENERAL
    },
    "settled on the spot": (
        told.settled(example(intake.ComplaintSettled), WINDOW),
        {"petitioner: petitioner.settled"},
    ),
    "transferred": (
        told.transferred(example(dispatch.OrderTransferred), WINDOW, NAMES),
        {
            "coordinator@sq: coordinator.transferred-out",
            "coordinator@sq-huaidian: coordinator.transferred-in",
            "petitioner: petitioner.transferred",
        },
    ),
    "referred": (
        told.referred(example(dispatch.OrderReferred), HOTLINE),
        {"petitioner: petitioner.referred", "hotline-12345: channel.referred"},
    ),
    "taken back from a unit": (
        told.recalled(example(dispatch.OrderRecalled), HOTLINE),
        {"petitioner: petitioner.recalled", "hotline-12345: channel.recalled"},
    ),
    "directed": (
        told.directed(example(dispatch.OrderDirected), HOTLINE),
        {"petitioner: petitioner.directed", "hotline-12345: channel.directed"},
    ),
    "an outcome recorded": (
        told.outcome_recorded(example(dispatch.OutcomeRecorded), WINDOW),
        {"coordinator@sq: coordinator.outcome"},
    ),
    "dispatched to one department": (
        started(ALONE, HOTLINE),
        {
            "sq/zrzy: department.assigned",
            "petitioner: petitioner.dispatched",
            "hotline-12345: channel.dispatched",
        },
    ),
    "dispatched to several": (
        started(TOGETHER),
        {
            "sq/zrzy: department.assigned",
            "sq/zjj: department.assigned",
            "petitioner: petitioner.dispatched",
        },
    ),
    "dispatched in confidence": (
        started(TOGETHER, hidden=frozenset({"sq/zrzy"})),
        {
            "sq/zrzy: department.assigned-confidential",
            "sq/zjj: department.assigned",
            "petitioner: petitioner.dispatched",
        },
    ),
    "the stage of the result begun": (
        started(PLANNED, HOTLINE),
        {"sq/zrzy: department.leg-due", "sq/zjj: department.leg-due"},
    ),
    "the clock moved": (
        told.clock_moved(example(sla.ClockMoved), WINDOW, TOGETHER),
        {
            "petitioner: petitioner.due-moved",
            "sq/zrzy: department.due-moved",
            "sq/zjj: department.due-moved",
        },
    ),
    "the clock of a redo moved": (
        told.clock_moved(example(sla.ClockMoved), WINDOW, replace(TOGETHER, began=Began.REDONE)),
        {"sq/zrzy: department.due-moved", "sq/zjj: department.due-moved"},
    ),
    "a provisional date became certain": (
        told.clock_moved(example(sla.ClockMoved, was=DUE, provisional=False), WINDOW, ALONE),
        {"petitioner: petitioner.due-settled", "sq/zrzy: department.due-settled"},
    ),
    "a certain date became provisional again": (
        told.clock_moved(example(sla.ClockMoved, was=DUE, provisional=True), WINDOW, ALONE),
        {"petitioner: petitioner.due-unsettled", "sq/zrzy: department.due-unsettled"},
    ),
    "the co-handlers' date moved alone": (
        told.clock_moved(example(sla.ClockMoved, was=DUE, provisional=False, why="co_handlers"), WINDOW, TOGETHER),
        {"sq/zjj: department.due-moved"},
    ),
    "a department's morning": (
        digests.agenda(example(dispatch.AgendaCompiled)),
        {"sq/zrzy: department.agenda"},
    ),
    "a clue of misconduct": (
        told.clue_copied(example(dispatch.ClueCopied, level="sq"), WINDOW),
        {"supervisor@sq: inspection.clue"},
    ),
    "a week for inspection": (
        digests.week(example(dispatch.WeekCompiled, subject="sq"), {}),
        {"supervisor@sq: inspection.week"},
    ),
    "a plan": (
        replied(ReplyKind.PLAN, HOTLINE),
        {"petitioner: petitioner.plan", "hotline-12345: channel.replied"},
    ),
    "a plan beyond the usual": (
        replied(ReplyKind.PLAN, needs_consent=True),
        {"petitioner: petitioner.plan", "coordinator@sq: coordinator.to-consent"},
    ),
    "reasons": (
        replied(ReplyKind.REASONS, HOTLINE),
        {
            "petitioner: petitioner.reasons",
            "coordinator@sq: coordinator.to-check",
            "hotline-12345: channel.replied",
        },
    ),
    "a result": (replied(ReplyKind.RESULT, HOTLINE), {"coordinator@sq: coordinator.to-check"}),
    "a co-handler's answer": (
        replied(ReplyKind.RESULT, HOTLINE, is_lead=False, party=ZJJ),
        {"sq/zrzy: department.co-handler-answered"},
    ),
    "a result passed": (
        checked(True, matter=HOTLINE),
        {"petitioner: petitioner.result", "hotline-12345: channel.replied"},
    ),
    "reasons passed": (checked(True, ReplyKind.REASONS), set()),
    "returned": (checked(False), {"sq/zrzy: department.returned"}),
    "to be redone": (
        told.redo_started(example(dispatch.RedoStarted), WINDOW, TOGETHER.parties),
        {"petitioner: petitioner.redo", "sq/zrzy: department.redo", "sq/zjj: department.redo"},
    ),
    "to be redone, never dispatched": (
        told.redo_started(example(dispatch.RedoStarted, leg=None), WINDOW, ()),
        {"petitioner: petitioner.redo", "coordinator@sq: coordinator.redo"},
    ),
    "an answer of a department's system that cannot be taken": (
        told.reply_rejected(example(dispatch.ReplyRejected, party=ZRZY)),
        {"sq/zrzy: department.reply-rejected"},
    ),
    **ASKED,
    **{
        f"closed as {final}": (
            told.closed(example(dispatch.OrderClosed, final=final, handled_by=[ZRZY]), HOTLINE),
            {
                "petitioner: petitioner.closed",
                "hotline-12345: channel.closed",
                "sq/zrzy: department.closed",
            },
        )
        for final in Final
    },
    "reopened": (
        told.reopened(example(dispatch.OrderReopened), WINDOW, TOGETHER.parties),
        {"petitioner: petitioner.reopened", "sq/zrzy: department.reopened", "sq/zjj: department.reopened"},
    ),
    "reopened, never dispatched": (
        told.reopened(example(dispatch.OrderReopened, leg=None), WINDOW, ()),
        {"petitioner: petitioner.reopened", "coordinator@sq: coordinator.reopened"},
    ),
    "nudged": (
        told.nudged(example(intake.ComplaintNudged), WINDOW, ["sq/zrzy"]),
        {"coordinator@sq: coordinator.nudged", "sq/zrzy: department.nudged"},
    ),
    "rated": (told.rated(example(intake.RatingGiven), WINDOW), {"coordinator@sq: coordinator.rated"}),
    "urged": (
        told.urged(example(dispatch.EscalationUrged, to=[ZRZY, ZJJ]), WINDOW),
        {"sq/zrzy: department.urged", "sq/zjj: department.urged"},
    ),
    "supervised": (
        told.supervised(example(dispatch.EscalationSupervised, to=[ZJJ]), WINDOW, NAMES),
        {"sq/zjj: department.supervised", "head@sq: head.supervised"},
    ),
    "reported, to the level of the late department": (
        told.reported(example(dispatch.EscalationReported, to=[ZJJ], level="sq-huaidian"), HOTLINE, NAMES),
        {
            "sq/zjj: department.reported",
            "head@sq: head.reported",
            "government@sq-huaidian: government.reported",
            "supervisor@sq-huaidian: inspection.reported",
        },
    ),
    "reminded of an inner limit": (
        told.reminded(example(sla.ReminderDue, office="sq"), WINDOW),
        {"coordinator@sq: coordinator.reminded"},
    ),
    "reminded of it again": (
        told.reminded(example(sla.ReminderDue, office="sq-huaidian", to=sla.Reminded.HEAD), WINDOW),
        {"coordinator@sq-huaidian: coordinator.reminded", "head@sq-huaidian: head.reminded"},
    ),
    "reminded of a typical one without a draft": (
        cases.candidate_waited(example(casebook.CandidateWaited, office="sq")),
        {"case_editor@sq: case_editor.candidate-waited"},
    ),
    "a case submitted": (
        cases.case_submitted(example(casebook.CaseSubmitted, office="sq")),
        {"case_approver@sq: case_approver.case-submitted"},
    ),
    "a case returned": (
        cases.case_returned(example(casebook.CaseReturned, office="sq")),
        {"case_editor@sq: case_editor.case-returned"},
    ),
    "a case to sign together": (
        cases.case_approved(example(casebook.CaseApproved, cosigners=["sq/zrzy", "sq/zjj"])),
        {"sq/zrzy: department.case-to-cosign", "sq/zjj: department.case-to-cosign"},
    ),
}

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
