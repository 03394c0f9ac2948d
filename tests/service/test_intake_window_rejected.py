"""What a channel sent wrongly is mended at the window, and its petitioner stays masked until it is opened."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.support.browser import Browser
from tests.support.intake import AUDITOR, CLERK, COORDINATOR, TOWN_CLERK, Intake, submission
from tests.support.window import REJECTED, TODAY, TYPED, at, intake

__all__ = ["intake"]


async def test_what_a_channel_sent_wrongly_is_mended_at_the_window_and_the_channel_is_told(intake: Intake) -> None:
    browser = await at(intake, CLERK, REJECTED)
    assert "没有退回的诉求" in browser.page.text
    bad = submission("WB-9", content="<i>路灯</i>坏了，请修。", extensions={"k": 1}, confidential=True)
    bad["petitioner"] |= {"phone": "123", "profile": {"size": "小微"}}
    assert (await intake.submit(bad)).status_code == 422
    page = (await browser.open(REJECTED)).text
    assert "联系电话不对" in page
    [path] = re.findall(rf'href="({REJECTED}/[0-9a-f-]+)"', page)
    page = await revealed(browser, path)
    assert browser.fields(path)["petitioner.name"] == "孙巧玲"
    assert "<i>路灯" not in page.text
    page = await browser.send(path)
    assert page.status_code == 422
    assert browser.fields(path)["petitioner.phone"] == "123"
    page = await browser.send(path, **{"petitioner.phone": "19900001001"})
    assert "已登记：SQ-2026-0001，渠道会收到回执。" in page.text
    assert path not in (await browser.open(REJECTED)).text
    assert page.url.path in (await browser.open(f"{REJECTED}?show=mended")).text
    assert (await intake.submit(submission("WB-9"))).status_code == 200, "for the channel it is registered now"
    registered = next(event for event in await intake.told() if event.type == "complaint.registered")
    rejected = next(event for event in await intake.told() if event.type == "submission.rejected")
    assert getattr(registered, "in_reply_to", None) == getattr(rejected, "in_reply_to", "")
    assert registered.model_dump()["confidential"] is True, "what the channel asked for the petitioner stands"


async def revealed(browser: Browser, path: str) -> httpx.Response:
    """What a channel has sent, opened to be mended."""
    await browser.open(path)
    return await browser.send(f"{path}/reveal", reason="与诉求人核实后改正")


async def test_who_complains_in_what_a_channel_has_sent_is_masked_until_it_is_opened_for_a_reason(
    intake: Intake,
) -> None:
    await intake.submit(submission("WB-9", category="?"))
    browser = await at(intake, CLERK, REJECTED)
    [path] = re.findall(rf'href="({REJECTED}/[0-9a-f-]+)"', browser.page.text)
    masked = (await browser.open(path)).text
    assert "孙**" in masked
    unasked = await browser.client.post(path, data={"token": browser.fields(f"{path}/reveal")["token"]})
    for page in (masked, (await browser.send(f"{path}/reveal", reason=" ")).text, unasked.text):
        assert not re.search("孙巧玲|19900001001|吉祥路", page)
    assert "19900001001" in (await revealed(browser, path)).text
    assert "19900001001" in (await browser.send(path)).text, "what is refused is shown again for the same reason"
    [told, *_] = (await intake.ask("GET", "audit", AUDITOR, params={"action": "reveal"})).json()["lines"]
    assert (told["actor"], told["reason"]) == (CLERK.id, "与诉求人核实后改正")
    for other in (COORDINATOR, TOWN_CLERK):
        assert (await (await at(intake, other, TODAY)).open(path)).status_code in (403, 404)


async def test_what_was_no_json_is_mended_too(intake: Intake) -> None:
    assert (await intake.submit(b"\xff{")).status_code == 422
    browser = await at(intake, CLERK, REJECTED)
    [path] = re.findall(rf'href="({REJECTED}/[0-9a-f-]+)"', browser.page.text)
    await revealed(browser, path)
    page = await browser.send(path, category="complaint", **TYPED | {"petitioner.kind": "individual"})
    assert page.url.path.startswith("/intake/complaints/")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("2026-09-28T01:12:30Z", "2026-09-28 09:12"), ("2026-09-28 09:12", "2026-09-28 09:12"), ("上周一的下午三点", "")],
)
async def test_a_time_a_channel_sent_is_mended_as_a_clerk_reads_times(intake: Intake, sent: str, shown: str) -> None:
    await intake.submit(submission("WB-9", category="?", reported_at=sent))
    browser = await at(intake, CLERK, REJECTED)
    [path] = re.findall(rf'href="({REJECTED}/[0-9a-f-]+)"', browser.page.text)
    await revealed(browser, path)
    assert browser.fields(path)["reported_at"] == shown
