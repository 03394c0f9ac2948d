"""Answers, rungs, people and tries: small tables, each as a whole (Art. 7 to 10)."""

from datetime import datetime, timedelta
from itertools import product

import pytest

from services.dispatch.domain import answers, ladder, people, tries
from services.dispatch.domain.people import Person
from shared.events.dispatch import Party, ReplyKind, Stage
from shared.events.intake import Triage
from shared.refusals import Forbidden, Invalid, NotPossible
from shared.workdays import CHINA

NOON = datetime(2026, 11, 23, 12, tzinfo=CHINA)
MINUTE = timedelta(minutes=1)
PLAN, REASONS, RESULT = ReplyKind.PLAN, ReplyKind.REASONS, ReplyKind.RESULT
ZRZY, ZJJ = Party(center="sq", department="zrzy"), Party(center="sq", department="zjj")

DUE = [(Stage.REPLY, PLAN), (Stage.REPLY, REASONS), (Stage.REPLY, RESULT), (Stage.RESULT, RESULT)]
REFUSED = {(Stage.REPLY, REASONS, PLAN), (Stage.RESULT, RESULT, PLAN)}


def test_the_table_of_answers_knows_every_stage() -> None:
    assert answers.ACCEPTS.keys() == set(DUE)


@pytest.mark.parametrize(("due", "given"), list(product(DUE, ReplyKind)))
def test_a_stage_is_answered_by_what_is_due_or_something_further_on(
    due: tuple[Stage, ReplyKind], given: ReplyKind
) -> None:
    if (*due, given) not in REFUSED:
        answers.must_answer(*due, given)
        return
    with pytest.raises(Invalid, match="不能只答复解决方案"):
        answers.must_answer(*due, given)


@pytest.mark.parametrize(("kind", "basis"), list(product(ReplyKind, (None, "", "《条例》第五条"))))
def test_reasons_need_their_legal_basis(kind: ReplyKind, basis: str | None) -> None:
    if kind is not REASONS or basis:
        answers.must_be_founded(kind, basis)
        return
    with pytest.raises(Invalid) as refused:
        answers.must_be_founded(kind, basis)
    assert refused.value.errors[0].field == "legal_basis"


@pytest.mark.parametrize(("kind", "missing"), list(product(ReplyKind, ([], ["住建局", "税务局"]))))
def test_a_result_waits_for_every_co_handler(kind: ReplyKind, missing: list[str]) -> None:
    if kind is not RESULT or not missing:
        answers.must_be_complete(kind, missing)
        return
    with pytest.raises(NotPossible, match="住建局、税务局"):
        answers.must_be_complete(kind, missing)


@pytest.mark.parametrize(("round_", "stage"), list(product((None, 0, 1, 2, 3), (None, *Stage))))
def test_an_answer_to_another_round_or_stage_is_refused(round_: int | None, stage: Stage | None) -> None:
    if round_ in (None, 2) and stage in (None, Stage.RESULT):
        answers.must_be_current((2, Stage.RESULT), (round_, stage))
        return
    with pytest.raises(NotPossible, match="第2轮结果阶段"):
        answers.must_be_current((2, Stage.RESULT), (round_, stage))


@pytest.mark.parametrize(("triage", "kind"), list(product(Triage, ReplyKind)))
def test_reasons_prove_that_it_cannot_be_done(triage: Triage, kind: ReplyKind) -> None:
    assert answers.triage_after(triage, kind) is (Triage.CANNOT if kind is REASONS else triage)


@pytest.mark.parametrize(
    ("answered_at", "fires"),
    [(None, True), (NOON - MINUTE, False), (NOON, False), (NOON + MINUTE, True)],
    ids=["unanswered", "in time", "at the instant", "late"],
)
def test_a_rung_fires_for_a_leg_that_was_unanswered_at_its_instant(answered_at: datetime | None, fires: bool) -> None:
    assert ladder.fires(NOON, answered_at) is fires


@pytest.mark.parametrize(
    ("known", "changed_at", "overtaken"),
    [
        (4, NOON - MINUTE, True),
        (4, NOON, True),
        (4, NOON + MINUTE, False),
        (5, NOON - MINUTE, False),
        (6, NOON - MINUTE, False),
        (None, NOON - MINUTE, False),
        (0, None, False),
    ],
    ids=["before", "at the instant", "too late", "known", "known a later one", "no revision said", "never changed"],
)
def test_a_rung_is_overtaken_by_another_committed_date_that_sla_did_not_know(
    known: int | None, changed_at: datetime | None, overtaken: bool
) -> None:
    assert ladder.is_overtaken(NOON, known, committed_by=5, recommitted_at=changed_at) is overtaken


def test_the_late_are_those_who_had_not_answered_by_then() -> None:
    answered = [(ZRZY, None), (ZJJ, NOON)]
    assert ladder.late_parties(answered, NOON) == [ZRZY]
    assert ladder.late_parties(answered, NOON - MINUTE) == [ZRZY, ZJJ]


@pytest.mark.parametrize(
    ("due_at", "late"), [(None, False), (NOON, False), (NOON + MINUTE, False), (NOON - MINUTE, True)]
)
def test_what_ends_after_its_due_is_late_and_only_then_supervised_by_hand(due_at: datetime | None, late: bool) -> None:
    assert ladder.is_late(due_at, NOON) is late
    if late:
        ladder.must_be_overdue(due_at, NOON)
        return
    with pytest.raises(NotPossible, match="尚未逾期"):
        ladder.must_be_overdue(due_at, NOON)


@pytest.mark.parametrize(
    ("about", "barred"),
    [
        (None, False),
        ("", False),
        ("wang", True),
        (" 王强 ", True),
        ("zrzy", True),
        ("sq/zrzy", True),
        ("sq-zhidian/zrzy", False),
        ("zjj", False),
    ],
)
def test_nobody_handles_a_complaint_about_himself_or_his_department(about: str | None, barred: bool) -> None:
    person = Person("wang", "王强", "sq", "zrzy")
    if not barred:
        people.must_not_be_about(about, person)
        return
    with pytest.raises(Forbidden, match="您本人"):
        people.must_not_be_about(about, person)


def test_a_conclusion_takes_two_people() -> None:
    people.must_be_another("head", "coordinator")
    with pytest.raises(Forbidden, match="不能审批自己"):
        people.must_be_another("head", "head")


@pytest.mark.parametrize(
    ("confidential", "about", "shown"),
    [(False, None, True), (False, ZRZY, True), (True, ZRZY, False), (True, ZJJ, True), (True, None, False)],
)
def test_a_department_complained_about_in_confidence_never_sees_by_whom(
    confidential: bool, about: Party | None, shown: bool
) -> None:
    assert people.is_shown_the_petitioner("sq", "zrzy", confidential=confidential, about=about) is shown


@pytest.mark.parametrize(
    ("code", "center", "parent", "found"),
    [
        ("zrzy", "sq", None, ["sq/zrzy"]),
        ("zrzy", "sq-zhidian", "sq", ["sq-zhidian/zrzy", "sq/zrzy"]),
        ("sq/zrzy", "sq-zhidian", "sq", ["sq/zrzy"]),
        ("sq-zhidian/zhfw", "sq-zhidian", "sq", ["sq-zhidian/zhfw"]),
        ("sq-zhidian/zhfw", "sq", None, []),
        ("sq-fujing/zhfw", "sq-zhidian", "sq", []),
    ],
)
def test_a_code_means_a_unit_of_ones_own_else_of_the_county(
    code: str, center: str, parent: str | None, found: list[str]
) -> None:
    assert [answers.code_of(party) for party in people.candidates(code, center, parent)] == found


@pytest.mark.parametrize(
    ("co_handlers", "sentence"), [([ZJJ], None), ([ZRZY], "不能同时是协办"), ([ZJJ, ZJJ], "不止一次")]
)
def test_one_leads_and_every_co_handler_is_named_once(co_handlers: list[Party], sentence: str | None) -> None:
    if sentence is None:
        people.must_be_distinct(ZRZY, co_handlers)
        return
    with pytest.raises(Invalid, match=sentence):
        people.must_be_distinct(ZRZY, co_handlers)


DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("called", "enough"),
    [
        ([NOON - HOUR, NOON + HOUR, NOON + DAY], True),
        ([NOON - HOUR, NOON + HOUR], False),
        ([NOON - HOUR, NOON + HOUR, NOON + 7 * HOUR], False),
        ([NOON + HOUR, NOON + 2 * HOUR, NOON + DAY], False),
        ([NOON + 7 * HOUR, NOON + 8 * HOUR, NOON + DAY], True),
    ],
    ids=["three tries", "two tries", "one day", "one part of the day", "evenings count"],
)
def test_unreachable_is_who_was_called_three_times_on_two_days_in_different_parts(
    called: list[datetime], enough: bool
) -> None:
    if enough:
        tries.must_be_enough(called)
        return
    with pytest.raises(NotPossible, match="请继续回访"):
        tries.must_be_enough(called)
