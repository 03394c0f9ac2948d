"""A complaint's history tells every event to people, and its journal keeps nobody's name."""

from __future__ import annotations

import pytest

from services.intake.consumers import JOURNALLED
from services.intake.domain.happenings import TOLD
from services.intake.domain.history import history
from services.intake.domain.journal import kept
from services.intake.domain.names import Names
from shared.events import intake, notify
from shared.events.base import Event
from shared.events.intake import ComplaintRegistered, PetitionerCorrected, SealedPetitioner
from shared.events.sla import ClockMoved, ClockStarted
from tests.support.alone import at
from tests.support.intake import dispatched, replied

OF = {"at": at("09-28 10:00"), "center": "sq", "subject": "c-1"}
SEALED = SealedPetitioner(kind="individual", name="y1.k1.sealed", phone="y1.k1.sealed")
REGISTERED = ComplaintRegistered(
    number="SQ-2026-0001", source="hotline-12345", source_ref="HL-1", reported_at=at("09-28 09:00"),
    category="complaint", content="没办成。", query_code="y1.k1.sealed", petitioner=SEALED, **OF,
)  # fmt: skip
OWN = (
    intake.ComplaintRegistered,
    intake.ComplaintTriaged,
    intake.ComplaintSettled,
    intake.ComplaintCorrected,
    intake.PetitionerCorrected,
    intake.PetitionerErased,
)


@pytest.mark.parametrize("kind", [*OWN, *JOURNALLED])
def test_every_event_in_the_journal_has_words_of_its_own(kind: type[Event]) -> None:
    assert kind in TOLD


def test_what_happened_is_told_in_time_order_with_names() -> None:
    names = Names(departments={"sq/zrzy": "县自然资源局"}, members={"li": "李主任", "officer": "张科长"})
    lines = history([replied("c-1", "09-29 10:00", 3), dispatched("c-1"), REGISTERED], names)
    assert [line.what for line in lines] == ["登记受理", "分办", "部门反馈办理结果"]
    assert [line.who for line in lines] == ["12345政务服务热线", "李主任", "县自然资源局，张科长"]
    assert lines[1].details == "责任部门：县自然资源局"


def test_at_one_instant_who_decides_stands_before_who_listens() -> None:
    order = dispatched("c-1", "09-28 10:00")
    clock = ClockStarted(leg=1, due_at=at("10-08 17:30"), provisional=False, event_id="0", **OF)
    lines = history([clock, order, REGISTERED], Names())
    assert [line.what for line in lines] == ["登记受理", "分办", "办理期限"]


def test_why_the_petitioner_was_corrected_is_told() -> None:
    corrected = PetitionerCorrected(revision=1, petitioner=SEALED, by="li", reason="听错了", **OF)
    assert history([REGISTERED, corrected], Names())[-1].details == "理由：听错了"


def test_what_people_have_written_as_sentences_is_told_in_one() -> None:
    words = {"category": "opinion", "content": "证没办成。", "reason": "听错了。", "by": "li"}
    corrected = intake.ComplaintCorrected(revision=1, **words, **OF)
    assert history([corrected], Names())[-1].details == "类别：意见；诉求：证没办成；理由：听错了。"


def test_a_date_of_the_co_handlers_alone_is_told_as_theirs() -> None:
    due, theirs = at("10-09 17:30"), at("10-08 17:30")
    moved = ClockMoved(
        leg=2, revision=2, was=due, due_at=due, provisional=False, co_handlers_due_at=theirs, why="co_handlers", **OF
    )
    assert history([REGISTERED, moved], Names())[-1].details == "协办期限改为2026-10-08 17:30；工作日安排变动"


def test_the_journal_keeps_no_petitioner_not_even_sealed() -> None:
    corrected = PetitionerCorrected(revision=1, petitioner=SEALED, by="li", reason="听错了", **OF)
    failed = notify.MessageFailed(
        message_id="m", recipient="19900001001", about="registered", error="19900001001", **OF
    )
    for event in (REGISTERED, corrected, failed):
        told = kept(event).model_dump_json()
        assert "y1.k1" not in told
        assert "19900001001" not in told
    assert kept(dispatched("c-1")).model_dump()["by"] == "li"
