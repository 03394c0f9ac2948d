"""Every event that somebody is told of: the notices it makes, and who must get them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.notify.domain import cases, digests, told
from services.notify.domain.facts import Began, Matter, Notice, OpenLeg
from shared.events import casebook, dispatch, intake, sla
from shared.events.dispatch import Final, Party, ReplyKind, Stage
from shared.events.intake import Triage
from shared.workdays import CHINA
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
MORNING = datetime(2026, 11, 24, 8, 30, tzinfo=CHINA)


def replied(kind: ReplyKind, matter: Matter = WINDOW, **given: Any) -> list[Notice]:
    """Of an answer of this kind."""
    event = example(dispatch.OrderReplied, kind=kind, **({"needs_consent": False, "is_lead": True} | given))
    return told.replied(event, matter, "sq/zrzy", NAMES)


def checked(passed: bool, kind: ReplyKind = ReplyKind.RESULT, matter: Matter = WINDOW) -> list[Notice]:
    """Of an answer of this kind that was checked."""
    event = example(dispatch.OrderChecked, passed=passed)
    return told.checked(event, matter, TOGETHER, (kind, "已补办登记。") if passed else None)


def started(leg: OpenLeg, matter: Matter = WINDOW, hidden: frozenset[str] = NOBODY) -> list[Notice]:
    """Of a leg whose clock has started, hidden from these."""
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
