"""A guidance case's way from draft to public, and what it must not tell (Art. 11; mechanism §8)."""

from __future__ import annotations

from itertools import product

import pytest

from services.casebook.domain import ALLOWED, State, Step, Text, after, drafted_from, stripped
from services.casebook.domain.cases import NEEDS_REMARK, OF_THE_APPROVER
from shared.events.dispatch import Final, OrderClosed
from shared.events.intake import Triage
from shared.refusals import Forbidden, Invalid, NotPossible
from tests.support.alone import at

WHOLE = Text("标题", "问题", "方法", "步骤", "结论")


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_every_state_allows_its_steps_and_no_others(state: State, step: Step) -> None:
    if step in ALLOWED[state]:
        assert after(state, step, WHOLE, "a", "b", "理由") is ALLOWED[state][step]
    else:
        with pytest.raises(NotPossible, match="不能"):
            after(state, step, WHOLE, "a", "b", "理由")


@pytest.mark.parametrize(("state", "step"), [(s, step) for s in State for step in ALLOWED[s]])
def test_the_approver_is_never_the_author(state: State, step: Step) -> None:
    if step in OF_THE_APPROVER:
        with pytest.raises(Forbidden):
            after(state, step, WHOLE, "a", "a", "理由")
    else:
        after(state, step, WHOLE, "a", "a", None)


@pytest.mark.parametrize(("state", "step"), [(s, step) for s in State for step in ALLOWED[s] if step in NEEDS_REMARK])
def test_what_is_sent_back_or_taken_down_says_why(state: State, step: Step) -> None:
    with pytest.raises(Invalid):
        after(state, step, WHOLE, "a", "b", "  ")


def test_a_case_is_submitted_whole() -> None:
    with pytest.raises(Invalid) as refused:
        after(State.DRAFT, Step.SUBMIT, Text("标题", "问题"), "a", "a", None)
    assert [fault.field for fault in refused.value.errors] == ["method", "steps", "conclusion"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("请联系19900001001。", "请联系〔电话已隐去〕。"),
        ("手机 138 0000 0000，座机0394-5000123", "手机 〔电话已隐去〕，座机〔电话已隐去〕"),
        ("电话：5000123；拨打１９９００００１００１", "电话：〔电话已隐去〕；拨打〔电话已隐去〕"),
        ("身份证41272819800101123X丢了", "身份证〔证件号码已隐去〕丢了"),
        ("卡号6222 0212 3456 7890 123", "卡号〔证件号码已隐去〕"),
        ("住槐店镇吉祥路中段路西14号，三楼", "住槐店镇吉祥路中段路西〔门牌已隐去〕，三楼"),
        ("幸福小区3号楼2单元501室漏水", "幸福小区〔门牌已隐去〕漏水"),
        ("我叫孙巧玲，想办执照", "我叫某某，想办执照"),
        ("申请人：周志强（本地）", "申请人：某某（本地）"),
        ("孙巧玲女士来电，王师傅上门", "某女士来电，某师傅上门"),
        ("邮箱a.b@example.com，微信号：abc_12345", "邮箱〔邮箱已隐去〕，微信号：〔账号已隐去〕"),
        ("拨12345热线，沈政数〔2022〕19号，3个工作日，5000元", "拨12345热线，沈政数〔2022〕19号，3个工作日，5000元"),
        ("2026年9月28日10:00到1号窗口，第231号", "2026年9月28日10:00到1号窗口，第231号"),
    ],
)
def test_personal_data_is_struck_and_nothing_else(text: str, kept: str) -> None:
    assert stripped(text) == kept


def test_a_typical_complaint_gives_a_draft_of_what_its_closing_tells() -> None:
    closed = OrderClosed(
        at=at("11-23 10:00"), center="sq", subject="c-1", revision=9, final=Final.ZEROED, number="SQ-2026-0001",
        triage=Triage.HARD, redo=0, overdue=False, problem="集资房办不下房产证。我叫孙巧玲，电话19900001001。",
        result="会商后容缺受理。", legal_basis="《不动产登记暂行条例》", typical=True, by="k",
    )  # fmt: skip
    text = drafted_from(closed)
    assert text.title == "集资房办不下房产证"
    assert text.problem == "集资房办不下房产证。我叫某某，电话〔电话已隐去〕。"
    assert (text.method, text.conclusion, text.basis) == ("", "会商后容缺受理。", "《不动产登记暂行条例》")
