"""What a center is called on paper, from its name or as it is set."""

from __future__ import annotations

import pytest

from shared.papers.offices import Office, as_named, number, office
from shared.settings import settings


@pytest.mark.parametrize(
    ("name", "short", "government"),
    [
        ("沈丘县政务服务中心", "沈政", "沈丘县人民政府"),
        ("纸店镇便民服务中心", "纸店便", "纸店镇人民政府"),
        ("槐店回族镇便民服务中心", "槐店便", "槐店回族镇人民政府"),
        ("冯营乡便民服务中心", "冯营便", "冯营乡人民政府"),
        ("东城街道便民服务中心", "东城便", "东城街道办事处"),
    ],
)
def test_a_centers_name_tells_its_short_form_and_its_government(name: str, short: str, government: str) -> None:
    assert (as_named(name).short, as_named(name).government) == (short, government)


def test_what_is_set_goes_before_what_the_name_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUSU_PAPER_OFFICES", '{"sq": {"short": "沈政数", "inspection": "县纪委监委"}}')
    settings.cache_clear()
    try:
        assert office("sq", "沈丘县政务服务中心") == Office(
            "沈丘县政务服务中心", "沈政数", "沈丘县人民政府", "县纪委监委", "沈丘县政务服务和大数据管理局"
        )
    finally:
        settings.cache_clear()


def test_a_number_names_office_kind_year_and_sequence() -> None:
    assert number("沈政", "督办", 2026, 3) == "沈政督办〔2026〕3号"
