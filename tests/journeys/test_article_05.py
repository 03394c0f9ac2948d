"""Art. 5, 一窗受理: one window takes in what comes by any channel, whole and right, under a number (mechanism §2)."""

from typing import Any

import orjson
import pytest

from tests.support.browser import forms
from tests.support.papers import word_cells
from tests.support.town import AUDITOR, CLERK, COORDINATOR, HEAD, HOTLINE, TOWNSHIP, Town
from tests.support.uploads import picture

SUBMISSIONS = "/intake/api/submissions"
COMPLAINTS = "/intake/api/complaints"


async def test_after_hours_too_it_has_its_number_at_once_and_the_petitioner_the_emergency_channels(town: Town) -> None:
    await town.until("Sat 23:10")
    receipt = await town.complains("sample-web")
    [message] = await town.messages(receipt["complaint_id"])
    assert message["template"] == "petitioner.registered-after-hours"
    assert receipt["number"] in message["text"]
    assert all(number in message["text"] for number in ("110", "119", "120"))
    assert "09:00" not in message["text"]
    assert "08:30开始办理" in message["text"]


async def test_the_numbers_of_a_center_and_year_have_no_gap_whatever_is_refused_between_them(town: Town) -> None:
    first = await town.complains()
    await town.refused(HOTLINE, SUBMISSIONS, **town.submission(content=""))
    await town.complains(center=TOWNSHIP)
    second = await town.complains()
    *center, year, seq = first["number"].split("-")
    assert second["number"] == "-".join([*center, year, f"{int(seq) + 1:04}"])


async def test_a_township_counts_its_own(town: Town) -> None:
    receipt = await town.complains(center=TOWNSHIP)
    assert receipt["number"].startswith("SQ-ZHIDIAN-20")
    record = await town.read(AUDITOR, f"{COMPLAINTS}/{receipt['complaint_id']}")
    year, seq = receipt["number"].split("-")[-2:]
    assert record["printed_number"] == f"{year}年第{seq}号"


async def test_the_same_source_and_reference_twice_is_one_complaint(town: Town) -> None:
    said = town.submission()
    first, again = [await town.ask(HOTLINE, "POST", SUBMISSIONS, json=said) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


async def test_two_channels_may_use_the_same_reference(town: Town) -> None:
    said = town.submission()
    answers = [await town.ask(by, "POST", SUBMISSIONS, json=said) for by in (HOTLINE, "sample-governance-center")]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["number"] != answers[1].json()["number"]


async def test_many_at_once_are_registered_or_refused_line_by_line(town: Town) -> None:
    lines = [town.submission(), town.submission(category="whim"), town.submission()]
    body = b"\n".join(map(orjson.dumps, lines))
    headers = {"Authorization": f"Bearer {HOTLINE}", "Content-Type": "application/x-ndjson"}
    answer = await town.doors.client.post(SUBMISSIONS, content=body, headers=headers)
    told = [orjson.loads(line) for line in answer.content.splitlines()]
    assert [(line["line"], line["status"]) for line in told] == [(1, 201), (2, 422), (3, 201)]
    assert [fault["field"] for fault in told[1]["errors"]] == ["category"]


async def test_every_fault_of_a_bad_submission_is_named_by_its_field_and_the_channel_is_told_why(town: Town) -> None:
    said = town.submission(category="whim", content="短", petitioner={"kind": "organisation", "phone": "12"})
    code = await town.refused(HOTLINE, SUBMISSIONS, **said)
    fields = {"category", "content", "petitioner.name", "petitioner.contact_person", "petitioner.phone"}
    assert set(code.split()[1:]) == fields
    [kept, *_] = await town.read(CLERK, "/intake/api/rejected", limit=1)
    assert (kept["source_ref"], {fault["field"] for fault in kept["errors"]}) == (said["source_ref"], fields)
    [told, *_] = (await town.read(COORDINATOR, "/notify/api/messages", recipient="hotline-12345", limit=1))["messages"]
    assert told["template"] == "channel.rejected"
    assert said["source_ref"] in told["text"]


async def test_only_at_the_window_another_way_of_contact_will_do_instead_of_a_phone(town: Town) -> None:
    petitioner = {"kind": "individual", "name": "周春梅", "other_contact": "微信 zhou-chunmei"}
    assert await town.refused("sample-web", SUBMISSIONS, **town.submission(petitioner=petitioner)) == (
        "bad-submission petitioner.phone"
    )
    assert await town.complains(CLERK, petitioner=petitioner)


async def test_an_organisation_names_its_contact_person_who_stands_in_the_ledger(town: Town) -> None:
    petitioner = {"kind": "organisation", "name": "沈丘县同心家电维修部", "phone": "5000904"}
    assert await town.refused(HOTLINE, SUBMISSIONS, **town.submission(petitioner=petitioner)) == (
        "bad-submission petitioner.contact_person"
    )
    receipt = await town.complains(petitioner=petitioner | {"contact_person": "王建国"})
    row = await town.row(receipt["complaint_id"])
    assert (row["姓名或单位名称"], row["单位联系人"], row["联系方式"]) == (
        "沈丘县同心家电维修部",
        "王**",
        "0394-5****04",
    )


async def test_an_individual_stands_in_the_ledger_without_a_contact_person(town: Town) -> None:
    row = await town.row((await town.complains())["complaint_id"])
    assert (row["姓名或单位名称"], row["单位联系人"], row["联系方式"]) == ("周**", "", "199****7001")
    assert (row["诉求类别"], row["分办转办时间"], row["实际办结时间"]) == ("投诉", "", "")
    assert (row["是否催办及时间"], row["是否督办及时间"], row["是否退回重办及时间"]) == ("否", "否", "否")


async def test_with_number_and_query_code_the_petitioner_sees_how_it_stands_and_with_a_wrong_code_nothing(
    town: Town,
) -> None:
    receipt = await town.complains()
    status = await town.read(None, f"{COMPLAINTS}/{receipt['number']}", code=receipt["query_code"].lower())
    assert (status["number"], status["state"], status["closed"]) == (receipt["number"], "已受理", False)
    wrong = await town.ask(None, "GET", f"{COMPLAINTS}/{receipt['number']}", params={"code": "AAAAAAAA"})
    none = await town.ask(None, "GET", f"{COMPLAINTS}/SQ-2022-9999", params={"code": receipt["query_code"]})
    assert wrong.status_code == none.status_code == 404
    assert wrong.json() == none.json()


async def test_what_was_registered_can_be_corrected_with_its_history(town: Town) -> None:
    receipt = await town.complains()
    path = f"{COMPLAINTS}/{receipt['complaint_id']}"
    corrected = {"category": "suggestion", "petitioner": {"phone": "19900007009"}, "reason": "诉求人来电更正。"}
    await town.do(CLERK, f"{path}/correct", **corrected)
    row = await town.row(receipt["complaint_id"])
    assert (row["诉求类别"], row["联系方式"]) == ("建议", "199****7009")
    history = [line["what"] for line in await town.read(CLERK, f"{path}/history")]
    assert history == ["登记受理", "更正登记内容", "更正诉求人信息"]
    assert await town.refused(CLERK, f"{path}/correct", **corrected) == "nothing-new"
    assert await town.refused(f"clerk-{TOWNSHIP}", f"{path}/correct", **corrected) == "other-center"


async def test_a_department_complained_about_in_confidence_does_not_see_who_it_is(town: Town) -> None:
    said = "我叫周春梅，自然资源局窗口三次不收我的材料。"
    complaint_id = await town.complaint("hard", confidential=True, about="zrzy", content=said, remarks="周春梅来访。")
    await town.order(complaint_id, "dispatch", lead="zrzy", co_handlers=["zjj"])
    assert (await town.file(complaint_id, "officer-zrzy"))["petitioner"] is None
    assert (await town.file(complaint_id, "officer-zjj"))["petitioner"]["name"] == "周**"
    work_order = f"/dispatch/api/orders/{complaint_id}/work-order.docx"
    for path in (f"/dispatch/api/orders/{complaint_id}", "/dispatch/api/orders", "/dispatch/mine", work_order):
        answer = await town.ask("officer-zrzy", "GET", path, headers={"accept": "text/html"})
        text = str(word_cells(answer.content)) if path == work_order else answer.text
        assert "周春梅" not in text, path
        assert "我叫某某" in text, path
    templates = {message["recipient"]: message["template"] for message in await town.messages(complaint_id)}
    assert templates["sq/zrzy"] == "department.assigned-confidential"
    assert templates["sq/zjj"] == "department.assigned"


async def test_a_window_registers_for_its_own_center_only(town: Town) -> None:
    assert await town.refused(CLERK, SUBMISSIONS, **town.submission(center=TOWNSHIP)) == "bad-submission center"


async def test_without_a_key_or_a_login_nothing_is_registered(town: Town) -> None:
    assert await town.refused(None, SUBMISSIONS, **town.submission()) == "no-session"
    assert await town.refused("sample-nobody", SUBMISSIONS, **town.submission()) == "unknown-key"
    assert await town.refused(COORDINATOR, SUBMISSIONS, **town.submission()) == "not-allowed"


SAID = "材料都交齐了，窗口还是不给办理不动产登记，跑了三趟。"


def of_somebody(phone: str) -> dict[str, Any]:
    return {"petitioner": {"kind": "individual", "name": "李雪梅", "phone": phone}}


async def test_a_phone_is_written_one_way_however_it_was_given(town: Town) -> None:
    for given, shown in (("１９９ ０００３ ３００１", "199****3001"), ("5000905", "0394-5****05")):
        receipt = await town.complains(CLERK, **of_somebody(given))
        assert (await town.row(receipt["complaint_id"]))["联系方式"] == shown


async def test_what_may_be_a_repeat_is_shown_to_the_clerk_while_typing_and_afterwards_and_blocks_nothing(
    town: Town,
) -> None:
    first = await town.complains(content=SAID, **of_somebody("19900003002"))
    asked = {"phone": "199-0000-3002", "content": "医保报销的钱两个月没有到账。"}
    [repeat] = await town.do(CLERK, "/intake/api/repeats", **asked)
    assert (repeat["number"], repeat["name"], repeat["why"]) == (first["number"], "李**", "同一电话")
    again = await town.complains(CLERK, content=asked["content"], **of_somebody("19900003002"))
    assert again["number"] != first["number"]
    [shown] = await town.read(CLERK, f"{COMPLAINTS}/{again['complaint_id']}/repeats")
    assert shown["number"] == first["number"]


async def test_much_the_same_words_are_a_repeat_for_thirty_days_at_the_centers_own_window(town: Town) -> None:
    receipt = await town.complains(content="獬豸巷的自来水管爆裂三天没有人来修，出行都困难。")
    asked = {"phone": "19900003004", "content": "獬豸巷自来水管爆裂，三天没有人来修！"}

    async def repeats(who: str = CLERK) -> list[tuple[str, str]]:
        found = await town.do(who, "/intake/api/repeats", **asked)
        return [(each["number"], each["why"]) for each in found if "獬豸" in each["content"]]

    assert await repeats() == [(receipt["number"], "内容相似")]
    assert await repeats(f"clerk-{TOWNSHIP}") == []
    await town.until("next next next next Mon 09:00")
    assert len(await repeats()) == 1, "28 days"
    await town.until("next next next next Thu 09:00")
    assert await repeats() == [], "31 days"
    assert await town.refused("officer-zrzy", "/intake/api/repeats", **asked) == "not-allowed"


NONE = "7e0c1b52-4f0e-4f1c-9a54-3d1f8f0f5d11"
"""What nothing is known by."""


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{COMPLAINTS}/{NONE}", "no-such-complaint"),
        (f"{COMPLAINTS}/{NONE}/history", "no-such-complaint"),
        (f"/intake/rejected/{NONE}", "no-such-rejected"),
        (f"/intake/exports/{NONE}", "no-such-export"),
    ],
)
async def test_what_is_not_there_is_not_shown(town: Town, path: str, code: str) -> None:
    assert await town.not_told(CLERK, path) == code


async def test_nothing_is_done_to_a_complaint_that_there_is_not(town: Town) -> None:
    assert await town.refused(CLERK, f"{COMPLAINTS}/{NONE}/triage", triage="general") == "no-such-complaint"
    assert await town.refused(HEAD, "/intake/api/erasures", number="SQ-2000-0001", reason="保存期满。") == (
        "no-such-complaint"
    )


async def test_a_file_that_did_not_come_with_a_complaint_is_not_found_there(town: Town) -> None:
    complaint_id = (await town.complains())["complaint_id"]
    assert await town.not_told(CLERK, f"{COMPLAINTS}/{complaint_id}/attachments/{NONE}") == "no-such-attachment"


async def test_a_department_sees_who_complains_at_its_own_orders_and_not_at_the_window(town: Town) -> None:
    complaint_id = await town.dispatched("hard")
    asked = {"reason": "需要联系诉求人。"}
    assert await town.refused("officer-zrzy", f"{COMPLAINTS}/{complaint_id}/reveal", **asked) == "not-here"
    assert (await town.order(complaint_id, "reveal", "officer-zrzy", **asked))["name"] == "周春梅"


FILE = "/intake/file"


async def typed_at_home(town: Town, **changed: str) -> dict[str, str]:
    """The petitioner's own form, filled in."""
    page = await town.ask(None, "GET", FILE, headers={"accept": "text/html"})
    typed = {"petitioner.name": "周春梅", "petitioner.phone": "19900007001", "content": SAID, "center": "sq"}
    return forms(page.text)[FILE] | typed | changed


async def test_a_form_that_was_registered_is_not_used_for_another_complaint(town: Town) -> None:
    typed = await typed_at_home(town)
    first, again = [await town.ask(None, "POST", FILE, data=typed) for _ in range(2)]
    assert first.is_success, first.text
    assert again.is_success, "pressed twice, it is one complaint"
    assert (
        await town.not_taken(None, FILE, **typed | {"content": "另一件事：社保卡补办一个月没有回音。"}) == "form-used"
    )


async def test_with_a_file_that_is_none_nothing_is_registered(town: Town) -> None:
    virus = [("attachments", ("证件.png", b"MZ" + bytes(50)))]
    assert await town.not_taken(None, FILE, virus, **await typed_at_home(town)) == "bad-files attachments"


UPLOADS = "/intake/api/attachments"


async def test_a_channel_uploads_files_first_and_hands_over_by_their_ids_what_the_office_opens(town: Town) -> None:
    photo = [("attachments", ("现场.png", picture()))]
    [file] = (await town.ask(HOTLINE, "POST", UPLOADS, files=photo)).json()
    named = [{"id": file["id"], "name": "现场.png"}, {"id": "lost", "name": "录音.mp3"}]
    complaint_id = (await town.complains(attachments=named))["complaint_id"]
    opened = await town.ask(CLERK, "GET", f"{COMPLAINTS}/{complaint_id}/attachments/{file['id']}")
    assert (opened.status_code, opened.headers["content-type"]) == (200, "image/png")
    page = await town.ask(CLERK, "GET", f"/intake/complaints/{complaint_id}", headers={"accept": "text/html"})
    assert "渠道提到的附件没有收到：录音.mp3" in page.text
    second = (await town.complains(attachments=named))["complaint_id"]
    assert await town.not_told(CLERK, f"{COMPLAINTS}/{second}/attachments/{file['id']}") == "no-such-attachment"


async def test_what_is_uploaded_is_looked_into_and_by_nobody_without_a_key(town: Town) -> None:
    virus = [("attachments", ("证件.png", b"MZ" + bytes(50)))]
    assert await town.not_taken(HOTLINE, UPLOADS, virus) == "bad-files attachments"
    assert await town.not_taken(HOTLINE, UPLOADS, x="x") == "no-files attachments"
    assert await town.not_taken(None, UPLOADS, virus) == "no-session"
