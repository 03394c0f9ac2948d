"""Art. 3, 一体办理: window, hotline and all other channels are one; nothing waits at the hotline (mechanism §2)."""

import pytest

from tests.support.town import AUDITOR, CLERK, HOTLINE, Town

COMPLAINTS = "/intake/api/complaints"
OF_ITS_OWN = {"complaint_id", "number", "printed_number", "source", "source_ref"}
"""What may differ between two complaints that say the same."""


@pytest.mark.parametrize("by", [HOTLINE, "sample-governance-center", "sample-web", "sample-window"])
async def test_a_complaint_from_any_channel_ends_in_the_same_record_as_one_from_the_window(town: Town, by: str) -> None:
    said = {"content": "社保转移办了一个月还没有消息，请帮忙催问。"}
    records = [
        await town.read(AUDITOR, f"{COMPLAINTS}/{(await town.complains(who, **said))['complaint_id']}")
        for who in (CLERK, by)
    ]
    window, channel = ({name: told for name, told in record.items() if name not in OF_ITS_OWN} for record in records)
    assert channel == window


async def test_a_hotline_complaint_is_handed_over_the_moment_it_arrives_and_dispatched_like_any_other(
    town: Town,
) -> None:
    receipt = await town.complains(HOTLINE)
    assert await town.told(receipt["complaint_id"]) == {"petitioner.registered", "channel.registered"}
    await town.do(CLERK, f"{COMPLAINTS}/{receipt['complaint_id']}/triage", triage="cannot")
    await town.order(receipt["complaint_id"], "dispatch", lead="zrzy")
    assert "channel.dispatched" in await town.told(receipt["complaint_id"])


async def test_what_the_hotline_hears_at_night_is_registered_and_at_the_window_that_very_moment(town: Town) -> None:
    await town.until("Sat 23:10")
    complaint_id = (await town.complains(HOTLINE))["complaint_id"]
    record = await town.read(CLERK, f"{COMPLAINTS}/{complaint_id}")
    assert town.said(record["registered_at"]) == "Sat 23:10"
    assert (await town.row(complaint_id))["办理情况"] == "已受理，待研判"


async def test_window_and_hotline_have_the_same_limit_the_same_ladder_and_the_same_row_in_the_ledger(
    town: Town,
) -> None:
    said = {"content": "材料交齐两个月，不动产登记证还没有办下来。"}
    both = [(await town.complains(by, **said))["complaint_id"] for by in (CLERK, HOTLINE)]
    for each in both:
        await town.do(CLERK, f"{COMPLAINTS}/{each}/triage", triage="cannot")
        await town.order(each, "dispatch", lead="zrzy")
    await town.until("Thu 17:00")
    for each in both:
        await town.replied(each, "reasons")
        await town.order(each, "check", passed=True)
        await town.followed_up(each, "satisfied")
    files = [await town.file(each) for each in both]
    assert [(town.said(file["legs"][0]["due_at"]), file["state"], file["final"]) for file in files] == [
        ("Thu 17:30", "closed", "zeroed")
    ] * 2
    assert [await town.rungs(each) for each in both] == [[("urged", "Wed 17:30")]] * 2
    ledger = await town.read(AUDITOR, "/intake/api/ledger", center="sq", **{"from": town.day("Mon")})
    rows = [row for row in ledger if row["主要诉求"] == said["content"]]
    window, hotline = ({name: cell for name, cell in row.items() if name != "序号"} for row in rows)
    assert hotline == window


@pytest.mark.parametrize("by", [HOTLINE, "sample-governance-center"])
async def test_a_channel_hears_every_status_of_what_it_handed_over(town: Town, by: str) -> None:
    answered = (await town.complains(by))["complaint_id"]
    await town.do(CLERK, f"{COMPLAINTS}/{answered}/triage", triage="hard")
    await town.order(answered, "dispatch", lead="zrzy")
    await town.replied(answered, "plan", committed_on=town.day("Thu"))
    await town.replied(answered, "result")
    await town.order(answered, "check", passed=True)
    await town.followed_up(answered, "satisfied")
    replied = await town.messages_of(answered, "channel.replied")
    assert (len(replied), [text.partition("已有")[2][:4] for text in replied]) == (2, ["办理结果", "解决方案"])
    assert {"channel.registered", "channel.dispatched", "channel.closed"} <= await town.told(answered)

    elsewhere = [(await town.complains(by))["complaint_id"] for _ in range(2)]
    for each in elsewhere:
        await town.do(CLERK, f"{COMPLAINTS}/{each}/triage", triage="out_of_scope")
    await town.order(elsewhere[0], "refer", unit="沈丘县水利局")
    await town.order(elsewhere[1], "direct", channel="沈丘县信访局", reason="属信访事项。")
    assert "沈丘县水利局" in await town.letter(elsewhere[0], "channel.referred")
    assert "沈丘县信访局" in await town.letter(elsewhere[1], "channel.directed")
