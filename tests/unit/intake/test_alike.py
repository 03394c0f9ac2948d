"""Possible repeats by their words: much the same in other words is one, a short or another text is none."""

import pytest

from services.intake.domain.alike import are_alike, pairs_of

SAID = "纸店镇卫生院旁边的路灯坏了三个月，一直没有人来修，晚上走路很不安全。"


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (SAID, True),
        ("卫生院旁边的路灯坏了三个月没有人来修，请尽快。", True),
        ("路灯 坏了3个月\n一直没有人来修 晚上走路不安全", True),
        ("路灯坏了", False),
        ("医保报销材料退回来两次，窗口说系统升级，让我下个月再来。", False),
        ("", False),
    ],
)
def test_what_is_much_the_same_is_found_either_way_round(other: str, alike: bool) -> None:
    assert are_alike(pairs_of(SAID), pairs_of(other)) is alike
    assert are_alike(pairs_of(other), pairs_of(SAID)) is alike
