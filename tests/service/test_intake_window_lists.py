"""The window's lists: what they cut is said or read on, and work orders are chosen in them to be printed together."""

from __future__ import annotations

import re

import pytest

from tests.support.intake import CLERK, Intake, submission
from tests.support.window import REJECTED, TODAY, at, intake

__all__ = ["intake"]


async def test_a_work_order_is_printed_once_there_is_one_and_several_are_chosen_for_one_file(intake: Intake) -> None:
    one, two = [(await intake.registered(ref))["complaint_id"] for ref in ("WB-1", "WB-2")]
    browser = await at(intake, CLERK, f"/intake/complaints/{one}")
    assert "/work-order." not in browser.page.text, "it is not sorted yet"
    await intake.triaged(one)
    assert f"/dispatch/api/orders/{one}/work-order.pdf" in (await browser.open(f"/intake/complaints/{one}")).text
    page = (await browser.open(TODAY)).text
    boxes = re.findall(r'type="checkbox" form="printing" id="[^"]+" name="complaint_ids" value="([^"]+)"', page)
    assert boxes == [one]
    assert browser.fields("/dispatch/work-orders.pdf")["token"]
    assert two in page


async def test_how_many_wait_to_be_sorted_is_told_where_only_the_first_are_listed(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.pages.desk.MOST_SHOWN", 2)
    for number in range(3):
        await intake.registered(f"WB-{number}")
    page = (await at(intake, CLERK, TODAY)).page.text
    assert "待研判（3件，先登记的在前，只列前2件）" in page


async def test_what_waits_to_be_mended_is_read_page_by_page(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.intake.pages.desk.A_PAGE", 2)
    for number in range(3):
        assert (await intake.submit(submission(f"WB-{number}", content=""))).status_code == 422
    browser = await at(intake, CLERK, REJECTED)
    first = browser.page.text
    assert "待改正 <b>3</b>" in first
    [following] = [part.split('"')[0] for part in first.split('href="')[1:] if "before=" in part.split('"')[0]]
    second = (await browser.open(following)).text
    seen = [[f">WB-{number}</td>" in page for number in range(3)] for page in (first, second)]
    assert seen == [[False, True, True], [True, False, False]], "the newest first"
    assert "<html" not in (await browser.open("/intake/fragments/rejected")).text
