"""Art. 11, 归纳总结: typical answers become guidance cases, and cases help with what is like them (mechanism §8)."""

from __future__ import annotations

from tests.support.cases import (
    CANDIDATES,
    CASES,
    OTHER_MECHANISM,
    WHOLE,
    candidates,
    closed,
    confirmed,
    drafted,
    happened,
    published,
    step,
    submitted,
    told_of_cases,
    written,
)
from tests.support.town import ADMINISTRATOR, APPROVER, CLERK, COORDINATOR, EDITOR, Town

SYNONYMS = "/casebook/api/synonyms"


# From a closing to the public


async def test_a_typical_answer_becomes_a_published_case_by_two_people(town: Town) -> None:
    complaint_id = await closed(town, typical=True)
    case_id = await drafted(town, complaint_id)
    draft = await town.read(EDITOR, f"{CASES}/{case_id}")
    assert (draft["state"], draft["conclusion"]) == ("draft", "窗口当场受理，三日内发证。")
    await town.put(EDITOR, f"{CASES}/{case_id}", **WHOLE)
    await confirmed(town, case_id)
    assert await step(town, case_id, "submit", EDITOR) == "submitted"
    assert await step(town, case_id, "approve", APPROVER) == "approved"
    assert await step(town, case_id, "publish", APPROVER) == "published"

    case = await town.read(None, f"{CASES}/{case_id}")
    assert {name: case[name] for name in WHOLE} == WHOLE
    assert (await happened(town, complaint_id))[-1] == "已形成指导案例"


async def test_what_is_not_typical_becomes_no_case(town: Town) -> None:
    complaint_id = await closed(town, typical=False)
    assert complaint_id not in await candidates(town)
    assert await town.refused(EDITOR, CASES, complaint_id=complaint_id) == "not-typical"


async def test_a_typical_one_without_a_draft_after_ten_working_days_is_listed_and_its_editor_reminded(
    town: Town,
) -> None:
    complaint_id, in_time = await closed(town, typical=True), await closed(town, typical=True)
    await town.until("next Fri 17:30")
    assert complaint_id in await candidates(town)
    assert complaint_id not in await candidates(town, overdue=True)
    await drafted(town, in_time)
    reminders = (await told_of_cases(town, "case_editor@sq")).count("case_editor.candidate-waited")
    await town.new_week()
    await town.until("Mon 18:00")
    assert complaint_id in await candidates(town, overdue=True)
    now = (await told_of_cases(town, "case_editor@sq")).count("case_editor.candidate-waited")
    assert now == reminders + 1


async def test_the_editor_may_say_why_a_typical_one_gives_no_case(town: Town) -> None:
    complaint_id = await closed(town, typical=True)
    assert await town.refused(EDITOR, f"{CANDIDATES}/{complaint_id}/dismiss", reason="") == "invalid reason"
    await town.do(EDITOR, f"{CANDIDATES}/{complaint_id}/dismiss", reason="与已发布的案例相同。")
    assert complaint_id not in await candidates(town)
    assert await town.refused(EDITOR, CASES, complaint_id=complaint_id) == "dismissed"


async def test_a_complaint_has_one_case(town: Town) -> None:
    complaint_id = await closed(town, typical=True)
    await drafted(town, complaint_id)
    assert await town.refused(EDITOR, CASES, complaint_id=complaint_id) == "drafted-already"


async def test_a_case_comes_from_a_complaint_or_from_another_response_mechanism_by_its_name(town: Town) -> None:
    case_id = await written(town)
    assert (await town.read(EDITOR, f"{CASES}/{case_id}"))["mechanism"] == "政务服务“好差评”"
    assert await town.refused(EDITOR, CASES, **WHOLE) == "no-source mechanism"


# What a case must not tell


async def test_a_draft_tells_nothing_that_is_personal(town: Town) -> None:
    content = (
        "我叫李建设，电话13803940001，身份证412728199001011234，家住新华街12号院，车牌豫P12345，窗口不收我的材料。"
    )
    case_id = await drafted(town, await closed(town, typical=True, content=content))
    case = await town.read(EDITOR, f"{CASES}/{case_id}")
    for personal in ("李建设", "13803940001", "412728199001011234", "12号院", "豫P12345"):
        assert personal not in str(case)
    assert "窗口不收我的材料" in case["problem"]
    assert [each["kind"] for each in case["struck"] if each["field"] == "problem"] == [
        "name", "phone", "identity", "address", "plate",
    ]  # fmt: skip


async def test_the_petitioners_own_name_is_struck_although_the_text_does_not_say_that_it_is_one(town: Town) -> None:
    content = "周春梅跑了三趟，吉祥路14号的房子还是办不下证，周春梅很着急。"
    case_id = await drafted(town, await closed(town, typical=True, content=content))
    case = await town.read(EDITOR, f"{CASES}/{case_id}")
    assert "周春梅" not in str(case)
    assert case["problem"].startswith("某某跑了三趟")


async def test_what_was_struck_is_confirmed_before_a_case_is_submitted_and_again_after_an_edit(town: Town) -> None:
    case_id = await written(town, problem="我叫李建设，窗口不收材料。")
    assert await town.refused(EDITOR, f"{CASES}/{case_id}/submit") == "not-confirmed"
    [name] = (await town.read(EDITOR, f"{CASES}/{case_id}"))["struck"]
    assert (name["kind"], name["found"], name["instead"]) == ("name", "李**", "某某")
    await confirmed(town, case_id)
    await town.put(EDITOR, f"{CASES}/{case_id}", **WHOLE)
    assert await town.refused(EDITOR, f"{CASES}/{case_id}/submit") == "not-confirmed"
    assert await town.refused(EDITOR, f"{CASES}/{case_id}/confirm", revision=1) == "changed-meanwhile"
    await confirmed(town, case_id)
    assert await step(town, case_id, "submit", EDITOR) == "submitted"


async def test_the_editor_names_what_the_house_cannot_find_and_keeps_what_is_nobodys(town: Town) -> None:
    text = WHOLE | {"problem": "后来孙巧玲没来，窗口电话0394-5000123。"}
    shown = await town.do(EDITOR, f"{CASES}/preview", **text, also=["孙巧玲"], keep=["0394-5000123"])
    assert shown["problem"] == "后来〔已隐去〕没来，窗口电话0394-5000123。"
    assert [each["found"] for each in shown["struck"]] == ["孙巧玲"]


# Submitted, approved, returned


async def test_a_case_without_its_method_and_steps_is_not_submitted(town: Town) -> None:
    case_id = await drafted(town, await closed(town, typical=True))
    await confirmed(town, case_id)
    assert await town.refused(EDITOR, f"{CASES}/{case_id}/submit") == "incomplete method steps"


async def test_who_writes_cases_does_not_approve_them_and_who_approves_does_not_write(town: Town) -> None:
    case_id = await submitted(town)
    for decision in ("approve", "return", "publish", "withdraw"):
        assert await town.refused(EDITOR, f"{CASES}/{case_id}/{decision}", remark="请。") == "not-allowed"
    assert await town.refused(APPROVER, CASES, **WHOLE | OTHER_MECHANISM) == "not-allowed"


async def test_nothing_is_published_before_it_was_approved(town: Town) -> None:
    case_id = await written(town)
    for decision in ("approve", "publish"):
        assert await town.refused(APPROVER, f"{CASES}/{case_id}/{decision}") == "not-now"
    await confirmed(town, case_id)
    await step(town, case_id, "submit", EDITOR)
    assert await town.refused(APPROVER, f"{CASES}/{case_id}/publish") == "not-now"


async def test_a_case_is_returned_with_the_reason_edited_and_submitted_again(town: Town) -> None:
    case_id = await submitted(town)
    assert (await told_of_cases(town, "case_approver@sq"))[0] == "case_approver.case-submitted"
    assert await town.refused(APPROVER, f"{CASES}/{case_id}/return") == "invalid remark"
    assert await step(town, case_id, "return", APPROVER, "请写明法律依据的条款。") == "returned"
    assert (await told_of_cases(town, "case_editor@sq"))[0] == "case_editor.case-returned"
    case = await town.read(EDITOR, f"{CASES}/{case_id}")
    assert case["reviews"][-1]["remark"] == "请写明法律依据的条款。"
    await town.put(EDITOR, f"{CASES}/{case_id}", **WHOLE)
    await confirmed(town, case_id)
    assert await step(town, case_id, "submit", EDITOR) == "submitted"


async def test_what_is_being_reviewed_is_not_edited(town: Town) -> None:
    case_id = await submitted(town)
    answer = await town.ask(EDITOR, "PUT", f"{CASES}/{case_id}", json=WHOLE)
    assert (answer.status_code, answer.json()["code"]) == (409, "not-now")


async def test_of_two_who_edit_at_once_the_second_is_told(town: Town) -> None:
    case_id = await written(town)
    revision = (await town.read(EDITOR, f"{CASES}/{case_id}"))["revision"]
    await town.put(EDITOR, f"{CASES}/{case_id}", **WHOLE, revision=revision)
    again = await town.ask(COORDINATOR, "PUT", f"{CASES}/{case_id}", json=WHOLE | {"revision": revision})
    assert (again.status_code, again.json()["code"]) == (409, "changed-meanwhile")


# Published together


async def test_a_joint_case_is_published_once_every_department_named_has_signed(town: Town) -> None:
    case_id = await submitted(town, departments=["sq/zrzy", "sq/swj"])
    assert await town.refused("officer-zrzy", f"{CASES}/{case_id}/cosign") == "not-now"
    await step(town, case_id, "approve", APPROVER)
    assert (await told_of_cases(town, "sq/zrzy"))[0] == "department.case-to-cosign"
    assert case_id in {case["id"] for case in await town.read("officer-zrzy", CASES)}
    for officer in ("officer-zrzy", "officer-swj"):
        assert await town.refused(APPROVER, f"{CASES}/{case_id}/publish") == "not-cosigned"
        await town.do(officer, f"{CASES}/{case_id}/cosign")
    assert await town.refused("officer-swj", f"{CASES}/{case_id}/cosign") == "signed-already"
    assert await step(town, case_id, "publish", APPROVER) == "published"
    assert (await town.read(None, f"{CASES}/{case_id}"))["departments"] == ["sq/zrzy", "sq/swj"]


async def test_a_department_that_was_not_named_does_not_sign(town: Town) -> None:
    case_id = await submitted(town, departments=["sq/zrzy"])
    await step(town, case_id, "approve", APPROVER)
    assert await town.refused("officer-swj", f"{CASES}/{case_id}/cosign") == "not-named"
    assert await town.refused(COORDINATOR, f"{CASES}/{case_id}/cosign") == "not-allowed"


async def test_what_was_signed_and_then_returned_is_signed_anew(town: Town) -> None:
    case_id = await submitted(town, departments=["sq/zrzy"])
    await step(town, case_id, "approve", APPROVER)
    await town.do("officer-zrzy", f"{CASES}/{case_id}/cosign")
    await step(town, case_id, "return", APPROVER, "结论需要调整。")
    await step(town, case_id, "submit", EDITOR)
    await step(town, case_id, "approve", APPROVER)
    assert await town.refused(APPROVER, f"{CASES}/{case_id}/publish") == "not-cosigned"


# Public, withdrawn, replaced


async def test_only_what_is_published_is_public_and_nobody_learns_whose_it_was(town: Town) -> None:
    case_id = await submitted(town)
    answer = await town.ask(None, "GET", f"{CASES}/{case_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "no-such-case")
    complaint_id = await closed(town, typical=True)
    drawn = await drafted(town, complaint_id)
    await town.put(EDITOR, f"{CASES}/{drawn}", **WHOLE)
    await published(town, drawn)
    public = await town.read(None, f"{CASES}/{drawn}")
    assert complaint_id not in str(public)
    assert (public["author"], public["reviews"]) == (None, [])
    assert complaint_id not in str(await town.read(None, CASES))


async def test_a_withdrawn_case_is_found_no_more_and_the_reason_is_kept(town: Town) -> None:
    complaint_id = await closed(town, typical=True)
    case_id = await drafted(town, complaint_id)
    await town.put(EDITOR, f"{CASES}/{case_id}", **WHOLE | {"title": "殡葬补贴申领", "problem": "村里不给开火化证明。"})
    await published(town, case_id)
    assert await town.refused(APPROVER, f"{CASES}/{case_id}/withdraw") == "invalid remark"
    await step(town, case_id, "withdraw", APPROVER, "政策已调整。")
    found = await town.read(None, CASES, q="殡葬补贴火化证明")
    assert case_id not in {case["id"] for case in found}
    assert (await town.ask(None, "GET", f"{CASES}/{case_id}")).status_code == 404
    assert (await town.read(EDITOR, f"{CASES}/{case_id}"))["reviews"][-1]["remark"] == "政策已调整。"
    assert (await happened(town, complaint_id))[-1] == "指导案例已撤回"


async def test_a_published_case_is_edited_only_by_a_newer_one_and_each_names_the_other(town: Town) -> None:
    old = await published(town, title="老年卡办理", problem="老年卡要本人到场。")
    refused = await town.ask(EDITOR, "PUT", f"{CASES}/{old}", json=WHOLE)
    assert (refused.status_code, refused.json()["code"]) == (409, "not-now")
    newer = (await town.do(EDITOR, f"{CASES}/{old}/revise"))["id"]
    assert await town.refused(EDITOR, f"{CASES}/{old}/revise") == "revised-already"
    text = WHOLE | {"title": "老年卡办理新规", "problem": "老年卡可由家属代办。"}
    await town.put(EDITOR, f"{CASES}/{newer}", **text)
    assert (await town.read(None, f"{CASES}/{old}"))["state"] == "published"
    await published(town, newer)
    assert (await town.read(None, f"{CASES}/{old}"))["replaced_by"] == newer
    assert (await town.read(None, f"{CASES}/{newer}"))["replaces"] == old
    assert [case["id"] for case in await town.read(None, f"{CASES}/{newer}/versions")] == [old, newer]
    found = {case["id"] for case in await town.read(None, CASES, q="老年卡")}
    assert (old in found, newer in found) == (False, True)
    assert await town.refused(EDITOR, f"{CASES}/{old}/revise") == "not-now"


# Found and cited


async def test_similar_published_cases_are_found_from_what_a_petitioner_says(town: Town) -> None:
    parking = await published(town, title="办事大厅停车难", problem="办事群众反映政务大厅周边停车位不足，找不到车位。")
    books = await published(town, title="公积金提取材料多", problem="职工租房提取住房公积金，被要求重复提供租赁合同。")
    for said, case_id in (("来大厅办事找不到地方停车", parking), ("租房想取公积金，非要我再交一遍合同", books)):
        found = await town.read(None, CASES, q=said, top=3)
        assert found[0]["id"] == case_id
        assert found[0]["score"] > 0


async def test_an_editor_says_which_words_mean_the_same_and_cases_are_found_by_them_at_once(town: Town) -> None:
    case_id = await published(town, title="电动自行车登记上牌", problem="群众反映上牌点太少。")
    assert case_id not in {case["id"] for case in await town.read(None, CASES, q="小毛驴")}
    group = await town.do(EDITOR, SYNONYMS, words=["小毛驴", "电动自行车"])
    assert case_id in {case["id"] for case in await town.read(None, CASES, q="小毛驴")}
    assert await town.refused(EDITOR, SYNONYMS, words=["小毛驴", "电动自行车"]) == "known-synonyms"
    assert await town.refused(EDITOR, SYNONYMS, words=["小毛驴"]) == "bad-synonyms words"
    assert await town.refused(CLERK, SYNONYMS, words=["甲乙", "丙丁"]) == "not-allowed"
    await town.ask(EDITOR, "DELETE", f"{SYNONYMS}/{group['id']}")
    assert case_id not in {case["id"] for case in await town.read(None, CASES, q="小毛驴")}


async def test_citing_a_case_is_counted_once_for_a_complaint_and_stands_in_its_history(town: Town) -> None:
    case_id = await published(town)
    complaint_id = await town.dispatched("refused")
    for who in (CLERK, "officer-zrzy", COORDINATOR):
        assert await town.do(who, f"{CASES}/{case_id}/cite", complaint_id=complaint_id) == {"citations": 1}
    assert (await happened(town, complaint_id)).count("引用指导案例") == 1
    most = await town.read(None, f"{CASES}/most-cited")
    assert case_id in {case["id"] for case in most}
    assert [case["citations"] for case in most] == sorted((case["citations"] for case in most), reverse=True)


async def test_what_is_not_public_is_not_cited_and_not_by_those_who_handle_no_complaints(town: Town) -> None:
    complaint_id = await town.complaint("general")
    draft, public = await written(town), await published(town)
    assert await town.refused(CLERK, f"{CASES}/{draft}/cite", complaint_id=complaint_id) == "not-now"
    assert await town.refused(APPROVER, f"{CASES}/{public}/cite", complaint_id=complaint_id) == "not-allowed"


async def test_a_citation_on_a_complaint_that_there_is_not_counts_nothing_and_leaves_nothing_behind(town: Town) -> None:
    case_id = await published(town)
    await town.do(CLERK, f"{CASES}/{case_id}/cite", complaint_id="01990000-0000-7000-8000-0000000000ff")
    assert (await town.read(None, f"{CASES}/{case_id}"))["citations"] == 0
    assert (await town.read(ADMINISTRATOR, "/intake/api/parked"))["parked"] == []
    complaint_id = await town.complaint("general")
    assert await town.do(CLERK, f"{CASES}/{case_id}/cite", complaint_id=complaint_id) == {"citations": 1}
