"""Dates and times as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from shared.dates import day_typed, moment_typed, month_typed
from shared.refusals import Invalid


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23 09:05", "2026-11-23T09:05", "2026/11/23 9:05:00", "2026年11月23日 9：05", "2026.11.23 09:05 ",
        "２０２６－１１－２３　０９：０５", "2026年11月23日上午9点5分", "20261123 9:05", "2026-11-23 早上9点05",
    ],
)  # fmt: skip
def test_a_date_and_time_is_read_as_people_type_it(text: str) -> None:
    assert moment_typed(text) == "2026-11-23T09:05:00+08:00"


@pytest.mark.parametrize(
    ("text", "hour"), [("下午3点", "15:00"), ("下午15:00", "15:00"), ("晚上8点半", "20:30"), ("中午12点", "12:00")]
)
def test_a_part_of_the_day_is_understood(text: str, hour: str) -> None:
    assert moment_typed(f"2026年11月3日 {text}") == f"2026-11-03T{hour}:00+08:00"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "2026-11-23 晚上12点",
        "2026-11-23 凌晨12:30",
        "9:05",
        "下午三点",
        "2026-11-23T09:05:00+08:00",
        "2026-11-23T09:05Z",
    ],
)
def test_what_is_no_date_and_time_without_a_zone_stays_as_it_was_typed(text: str) -> None:
    assert moment_typed(text) == text


@pytest.mark.parametrize("text", ["2026-11-03", "2026/11/3", "2026年11月3日", "２０２６．１１．３", " 20261103 "])
def test_a_day_is_read_as_people_type_it(text: str) -> None:
    assert day_typed(text) == "2026-11-03"


@pytest.mark.parametrize("text", ["11月3日", "2026年11月", "明天", "13月", "2026-11-03 09:05"])
def test_what_is_no_day_stays_as_it_was_typed(text: str) -> None:
    assert day_typed(text) == text


@pytest.mark.parametrize("text", ["2026-11", "2026年11月", "２０２６／１１", "202611"])
def test_a_month_is_read_as_people_type_it(text: str) -> None:
    assert month_typed(text) == date(2026, 11, 1)


@pytest.mark.parametrize("text", ["13月", "2026-13", "2026-00", "1926-11", "2026", "昨天"])
def test_what_is_no_month_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        month_typed(text)
    assert [fault.field for fault in refused.value.errors] == ["month"]
