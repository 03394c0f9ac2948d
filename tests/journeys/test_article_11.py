"""Art. 11, 归纳总结: typical answers become guidance cases, and cases help with what is like them (mechanism §8)."""

from typing import Any

from tests.support.town import APPROVER, COORDINATOR, EDITOR, Town

CASES = "/casebook/api/cases"
WHOLE = {
    "title": "不动产登记材料齐全被拒办",
    "problem": "群众材料齐全，窗口以系统升级为由不予受理不动产转移登记。",
    "method": "由管理机构协调登记窗口容缺受理。",
    "steps": "一、核对材料清单；二、当场受理；三、承诺三日内发证。",
    "conclusion": "材料齐全的应当即时受理，不得以系统升级为由拒绝。",
    "basis": "《不动产登记暂行条例》第十七条",
}


async def closed(town: Town, *, typical: bool, **changed: Any) -> str:
    """A complaint that was settled on the spot, and zeroed."""
    complaint_id = await town.complaint("general", **changed)
    result = "窗口当场受理，三日内发证。"
    await town.do("clerk-sq", f"/intake/api/complaints/{complaint_id}/settle", result=result)
    await town.followed_up(complaint_id, "satisfied", typical=typical)
    return complaint_id


async def step(town: Town, case_id: str, what: str, who: str, remark: str | None = None) -> str:
    """Take a step; the state it leads to."""
    return str((await town.do(who, f"{CASES}/{case_id}/{what}", remark=remark))["state"])


async def written(town: Town, **changed: str) -> str:
    """A case of the editor's; its id."""
    return str((await town.do(EDITOR, CASES, **WHOLE | changed))["id"])


async def published(town: Town, **changed: str) -> str:
    """A public case; its id."""
    case_id = await written(town, **changed)
    await step(town, case_id, "submit", EDITOR)
    await step(town, case_id, "approve", APPROVER)
    await step(town, case_id, "publish", APPROVER)
    return case_id


async def test_a_typical_answer_becomes_a_published_case_by_two_people(town: Town) -> None:
    case_id = await closed(town, typical=True)
    draft = await town.read(EDITOR, f"{CASES}/{case_id}")
    assert (draft["state"], draft["conclusion"]) == ("draft", "窗口当场受理，三日内发证。")
    await town.put(EDITOR, f"{CASES}/{case_id}", **WHOLE)
    assert await step(town, case_id, "submit", EDITOR) == "submitted"
    assert await step(town, case_id, "approve", APPROVER) == "approved"
    assert await step(town, case_id, "publish", APPROVER) == "published"

    case = await town.read(None, f"{CASES}/{case_id}")
    assert {name: case[name] for name in WHOLE} == WHOLE
    history = await town.read(COORDINATOR, f"/intake/api/complaints/{case_id}/history")
    assert history[-1]["what"] == "已形成指导案例"


async def test_what_is_not_typical_becomes_no_draft(town: Town) -> None:
    complaint_id = await closed(town, typical=False)
    assert (await town.ask(EDITOR, "GET", f"{CASES}/{complaint_id}")).status_code == 404


async def test_a_draft_tells_nothing_that_is_personal(town: Town) -> None:
    content = "我叫李建设，电话13803940001，身份证412728199001011234，家住新华街12号院，窗口不收我的材料。"
    case_id = await closed(town, typical=True, content=content)
    problem = (await town.read(EDITOR, f"{CASES}/{case_id}"))["problem"]
    for personal in ("李建设", "13803940001", "412728199001011234", "12号院"):
        assert personal not in problem
    assert "窗口不收我的材料" in problem


async def test_a_complaint_has_one_case(town: Town) -> None:
    complaint_id = await closed(town, typical=True)
    assert await town.refused(EDITOR, CASES, **WHOLE, complaint_id=complaint_id) == "drafted-already"


async def test_a_case_may_come_from_another_response_mechanism_by_its_name(town: Town) -> None:
    case_id = await written(town, mechanism="政务服务“好差评”")
    assert (await town.read(EDITOR, f"{CASES}/{case_id}"))["mechanism"] == "政务服务“好差评”"


async def test_a_case_without_its_method_and_steps_is_not_submitted(town: Town) -> None:
    case_id = await closed(town, typical=True)
    assert await town.refused(EDITOR, f"{CASES}/{case_id}/submit") == "incomplete method steps"


async def test_who_writes_cases_does_not_approve_them_and_who_approves_does_not_write(town: Town) -> None:
    case_id = await written(town)
    await step(town, case_id, "submit", EDITOR)
    for decision in ("approve", "return", "publish", "withdraw"):
        assert await town.refused(EDITOR, f"{CASES}/{case_id}/{decision}", remark="请。") == "not-allowed"
    assert await town.refused(APPROVER, CASES, **WHOLE) == "not-allowed"


async def test_nothing_is_published_before_it_was_approved(town: Town) -> None:
    case_id = await written(town)
    for decision in ("approve", "publish"):
        assert await town.refused(APPROVER, f"{CASES}/{case_id}/{decision}") == "not-now"
    await step(town, case_id, "submit", EDITOR)
    assert await town.refused(APPROVER, f"{CASES}/{case_id}/publish") == "not-now"


async def test_a_case_is_returned_with_the_reason_edited_and_submitted_again(town: Town) -> None:
    case_id = await written(town)
    await step(town, case_id, "submit", EDITOR)
    assert await town.refused(APPROVER, f"{CASES}/{case_id}/return") == "invalid remark"
    assert await step(town, case_id, "return", APPROVER, "请写明法律依据的条款。") == "returned"
    case = await town.read(EDITOR, f"{CASES}/{case_id}")
    assert case["reviews"][-1]["remark"] == "请写明法律依据的条款。"
    await town.put(EDITOR, f"{CASES}/{case_id}", **WHOLE)
    assert await step(town, case_id, "submit", EDITOR) == "submitted"


async def test_of_two_who_edit_at_once_the_second_is_told(town: Town) -> None:
    case_id = await written(town)
    revision = (await town.read(EDITOR, f"{CASES}/{case_id}"))["revision"]
    await town.put(EDITOR, f"{CASES}/{case_id}", **WHOLE, revision=revision)
    again = await town.ask(COORDINATOR, "PUT", f"{CASES}/{case_id}", json=WHOLE | {"revision": revision})
    assert (again.status_code, again.json()["code"]) == (409, "changed-meanwhile")


async def test_only_what_is_published_is_public(town: Town) -> None:
    case_id = await written(town)
    await step(town, case_id, "submit", EDITOR)
    answer = await town.ask(None, "GET", f"{CASES}/{case_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "no-such-case")


async def test_similar_published_cases_are_found_from_what_a_petitioner_says(town: Town) -> None:
    parking = await published(town, title="办事大厅停车难", problem="办事群众反映政务大厅周边停车位不足，找不到车位。")
    books = await published(town, title="公积金提取材料多", problem="职工租房提取住房公积金，被要求重复提供租赁合同。")
    for said, case_id in (("来大厅办事找不到地方停车", parking), ("租房想取公积金，非要我再交一遍合同", books)):
        found = await town.read(None, CASES, q=said, top=3)
        assert found[0]["id"] == case_id
        assert found[0]["score"] > 0


async def test_a_withdrawn_case_is_found_no_more_and_the_reason_is_kept(town: Town) -> None:
    case_id = await published(town, title="殡葬补贴申领", problem="群众申领惠民殡葬补贴，村里不给开火化证明。")
    assert await town.refused(APPROVER, f"{CASES}/{case_id}/withdraw") == "invalid remark"
    await step(town, case_id, "withdraw", APPROVER, "政策已调整。")
    found = await town.read(None, CASES, q="殡葬补贴火化证明")
    assert case_id not in {case["id"] for case in found}
    assert (await town.ask(None, "GET", f"{CASES}/{case_id}")).status_code == 404
    assert (await town.read(EDITOR, f"{CASES}/{case_id}"))["reviews"][-1]["remark"] == "政策已调整。"
