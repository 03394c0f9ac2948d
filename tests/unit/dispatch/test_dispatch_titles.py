"""The title of a circular, a report and a copy stands on two lines, and no name is broken (GB/T 9704)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from services.dispatch.domain.papers import Contact, Lateness, Matter, circular, copy, report
from shared.papers.letter import Letter
from shared.workdays import CHINA

DATED = datetime(2026, 11, 23, 9, tzinfo=CHINA)
MATTER = Matter("SQ-2026-0231", "sq", "沈丘县政务服务中心", DATED, "complaint", Contact("", ""))
ZRZY, ZJJ, SWJ = "沈丘县自然资源局", "沈丘县住房和城乡建设局", "国家税务总局沈丘县税务局"


@pytest.mark.parametrize(
    ("written", "late", "title"),
    [
        (circular, [ZRZY], f"关于{ZRZY}未按督办要求办理\n“有诉即办”工作单的通报"),
        (copy, [ZRZY], f"关于抄送{ZRZY}未按督办要求办理\n“有诉即办”工作单情况的函"),
        (report, [SWJ], f"关于{SWJ}\n未按督办要求办理工作单的报告"),
        (copy, [ZJJ], f"关于抄送{ZJJ}\n未按督办要求办理工作单情况的函"),
        (circular, [ZJJ, ZRZY, SWJ], f"关于{ZJJ}等3个单位\n未按督办要求办理工作单的通报"),
    ],
)
def test_a_title_names_who_was_late_on_lines_that_hold(
    written: Callable[[Matter, Lateness], Letter], late: list[str], title: str
) -> None:
    letter = written(MATTER, Lateness(late, DATED, DATED))
    assert letter.title == title
    assert all(len(line) <= 20 for line in title.split("\n"))
    assert all(name in "".join(letter.paragraphs) for name in late), "the text names every one"
