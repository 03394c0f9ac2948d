"""The work order is printed as annex 2 draws it, for whoever may have it (mechanism §10; contract, Roles)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from shared.events.intake import Triage
from shared.papers.checking import HOSTILE
from shared.security.roles import Actor
from tests.support.browser import HOST, Browser
from tests.support.dispatching import AUDITOR, CLERK, COORDINATOR, HEAD, OF_TOWNSHIP, Desk, desk, officer
from tests.support.letters import county_by_name
from tests.support.papers import pdf_cells, pdf_text, word_cells, word_text

__all__ = ["desk"]

ZRZY, ZJJ = officer("sq/zrzy"), officer("sq/zjj")
ANNEX_2 = [
    ["姓名或单位名称", "{name}", "单位联系人", "{contact_person}", "联系电话", "{phone}"],
    ["诉求反映时间", "{reported}", "诉求反映类别", "{category}", "联系地址", "{address}"],
    ["诉求主要内容", "{content}"],
    ["政务服务责任部门及牵头部门", "{departments}"],
    ["完成时限", "{due}", "工作单联系人", "{contact}", "联系电话", "{contact_phone}"],
    ["备注", "{remarks}"],
]
"""The cells of annex 2 in its order, and what stands in them."""
GIVEN = {
    "name": "张三丰", "contact_person": "", "phone": "19900001234", "reported": "2026年11月23日9时00分",
    "category": "投诉", "address": "沈丘县纸店镇前街5号", "content": "窗口不给办，电话19900001234。",
    "departments": "责任部门：自然资源局、住建局牵头部门：自然资源局", "due": "2026年11月30日17时30分前",
    "contact": "金永强", "contact_phone": "0394-5000001", "remarks": "本人年事已高。",
}  # fmt: skip


async def _dispatched(desk: Desk, **given: Any) -> str:
    complaint_id = await desk.complaint(Triage.HARD, **given)
    await desk.act(complaint_id, "dispatch", lead="zrzy", co_handlers=["zjj"])
    await desk.due_at(complaint_id, "11-30 17:30")
    return complaint_id


async def _printed(desk: Desk, path: str, actor: Actor = COORDINATOR, method: str = "GET", **given: Any) -> bytes:
    answer = await _asked(desk, path, actor, method, **given)
    assert answer.status_code == 200, answer.text
    return answer.content


async def _asked(
    desk: Desk, path: str, actor: Actor | None = COORDINATOR, method: str = "GET", **given: Any
) -> httpx.Response:
    return await desk.ask(method, path, actor, **given)


def _filled(**changed: str) -> list[list[str]]:
    return [[cell.format(**GIVEN | changed) for cell in row] for row in ANNEX_2]


async def test_the_work_order_is_annex_2_cell_by_cell_in_pdf(desk: Desk) -> None:
    await county_by_name(desk)
    complaint_id = await _dispatched(desk, remarks="本人年事已高。")
    content = await _printed(desk, f"orders/{complaint_id}/work-order.pdf")
    assert pdf_cells(content) == [_filled()]
    (text,) = pdf_text(content)
    number = (await desk.file(complaint_id))["number"].rpartition("-")[2]
    assert text.startswith(f"附件2政务服务中心、便民服务中心“有诉即办”问题工作单2026年第{number}号")
    notes = "注：1.公民个人反映问题的可不填写“单位联系人”。2.仅涉及多个政务服务部门的需明确牵头部门"
    assert text.endswith(f"{notes}第1页，共1页")


async def test_the_work_order_is_annex_2_cell_by_cell_in_word(desk: Desk) -> None:
    await county_by_name(desk)
    complaint_id = await _dispatched(desk, remarks="本人年事已高。")
    content = await _printed(desk, f"orders/{complaint_id}/work-order.docx")
    departments = "责任部门：自然资源局、住建局\n牵头部门：自然资源局"
    assert word_cells(content) == [_filled(departments=departments)]
    text = word_text(content)
    assert text.startswith("附件2\n政务服务中心、便民服务中心\n“有诉即办”问题工作单\n2026年第")
    assert text.endswith("注：1.公民个人反映问题的可不填写“单位联系人”。\n　　2.仅涉及多个政务服务部门的需明确牵头部门")


@pytest.mark.parametrize("form", ["pdf", "docx"])
async def test_the_same_order_printed_again_is_the_same_bytes(desk: Desk, form: str) -> None:
    complaint_id = await _dispatched(desk)
    first = await _printed(desk, f"orders/{complaint_id}/work-order.{form}")
    desk.now("11-24 15:00")
    assert await _printed(desk, f"orders/{complaint_id}/work-order.{form}", HEAD) == first


@pytest.mark.parametrize("form", ["pdf", "docx"])
async def test_many_orders_are_one_file_each_on_pages_of_its_own(desk: Desk, form: str) -> None:
    wanted = [await _dispatched(desk, content=f"第{n}件。") for n in range(3)]
    content = await _printed(desk, f"work-orders.{form}", method="POST", json={"complaint_ids": wanted})
    cells = pdf_cells(content) if form == "pdf" else word_cells(content)
    assert [table[2][1] for table in cells] == ["第0件。", "第1件。", "第2件。"]


async def test_orders_chosen_in_a_list_are_printed_by_a_plain_form(desk: Desk) -> None:
    wanted = [await _dispatched(desk, content=f"第{n}件。") for n in range(2)]
    browser = await Browser(desk).logged_in(CLERK)
    await browser.open(f"/dispatch/orders/{wanted[0]}")
    typed = {"token": browser.fields("/directory/logout")["token"], "complaint_ids": wanted}
    door, headers = "/dispatch/work-orders.pdf", {"origin": HOST}
    answer = await browser.client.post(door, data=typed, headers=headers)
    assert answer.status_code == 200, answer.text
    assert [table[2][1] for table in pdf_cells(answer.content)] == ["第0件。", "第1件。"]
    answer = await browser.client.post(door, data=typed | {"complaint_ids": []}, headers=headers)
    assert answer.status_code == 422
    assert "至少一件" in answer.text
    answer = await browser.client.post(door, data=typed | {"token": "x"}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("many", [0, 201])
async def test_none_or_more_than_two_hundred_are_refused(desk: Desk, many: int) -> None:
    given = {"complaint_ids": ["x"] * many}
    answer = await _asked(desk, "work-orders.pdf", method="POST", json=given)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "complaint_ids")


async def test_one_order_that_may_not_be_read_refuses_the_printing(desk: Desk) -> None:
    own, other = await _dispatched(desk), await desk.complaint(Triage.HARD, "sq-zhidian")
    given = {"complaint_ids": [own, other]}
    assert (await _asked(desk, "work-orders.pdf", CLERK, "POST", json=given)).status_code == 403


@pytest.mark.parametrize("form", ["pdf", "docx"])
async def test_hostile_text_is_printed_as_text(desk: Desk, form: str) -> None:
    content = '<b>{{7*7}}</b> =HYPERLINK("http://x") #eval("1") $x^2$ *粗* _斜_ \\alpha @ref `code` [a] {_{a}_} 䶮𠅤𬱖'
    complaint_id = await _dispatched(desk, content=content)
    printed = await _printed(desk, f"orders/{complaint_id}/work-order.{form}")
    cells = pdf_cells(printed) if form == "pdf" else word_cells(printed)
    assert "".join(cells[0][2][1].split()) == "".join(content.split())


async def test_a_complaint_of_three_thousand_characters_flows_over_pages(desk: Desk) -> None:
    content = "".join(f"第{n:03}句说的是同一件办证的事。" for n in range(188))
    complaint_id = await _dispatched(desk, content=content)
    pages = pdf_cells(await _printed(desk, f"orders/{complaint_id}/work-order.pdf"))
    assert len(pages) > 1
    rows = [row for page in pages for row in page]
    after = [row[0] for row in rows].index(ANNEX_2[3][0])
    assert "".join(row[-1] for row in rows[2:after]) == content
    assert [row[0] for row in rows[after:]] == [row[0] for row in ANNEX_2[3:]]
    assert word_cells(await _printed(desk, f"orders/{complaint_id}/work-order.docx"))[0][2][1] == content


async def test_a_department_prints_who_complains_on_its_own_open_orders_alone(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    path = f"orders/{complaint_id}/work-order.docx"
    assert (await _asked(desk, path, ZJJ)).status_code == 404
    assert word_cells(await _printed(desk, path, ZRZY))[0][0][1] == "张三丰"

    await desk.act(complaint_id, "reply", ZRZY, kind="reasons", text="不符合条件。", legal_basis="《条例》")
    await desk.act(complaint_id, "check", passed=True)
    await desk.act(complaint_id, "follow-up", satisfaction="satisfied", opinion="满意", method="phone")
    closed = word_cells(await _printed(desk, path, ZRZY))[0]
    assert (closed[0][1], closed[0][5], closed[1][5]) == ("（已办结，不再显示）", "", "")
    assert closed[2][1] == "窗口不给办，电话〔电话已隐去〕。"


async def test_a_department_complained_about_in_confidence_does_not_print_who_did(desk: Desk) -> None:
    complaint_id = await desk.complaint(about="zrzy", confidential=True)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    path = f"orders/{complaint_id}/work-order.docx"
    assert word_cells(await _printed(desk, path, ZRZY))[0][0][1] == "（诉求人要求保密）"
    assert word_cells(await _printed(desk, path, COORDINATOR))[0][0][1] == "张三丰"


@pytest.mark.parametrize(
    ("actor", "status"), [(None, 401), (AUDITOR, 403), (OF_TOWNSHIP, 403), (CLERK, 200), (HEAD, 200)]
)
async def test_who_may_print(desk: Desk, actor: Actor | None, status: int) -> None:
    complaint_id = await _dispatched(desk)
    assert (await _asked(desk, f"orders/{complaint_id}/work-order.docx", actor)).status_code == status


async def test_without_fonts_the_pdf_says_so_and_word_is_printed_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typst import Fonts

    from shared.papers import fonts, pdf

    bare = Fonts(include_system_fonts=False, include_embedded_fonts=True)
    monkeypatch.setattr(pdf, "typefaces", lambda: fonts.chosen(bare))
    complaint_id = await _dispatched(desk)
    answer = await _asked(desk, f"orders/{complaint_id}/work-order.pdf")
    assert (answer.status_code, answer.json()["code"]) == (503, "no-fonts")
    assert "fonts-noto-cjk" in answer.json()["detail"]
    await _printed(desk, f"orders/{complaint_id}/work-order.docx")


async def test_the_worst_a_complaint_can_hold_is_printed(desk: Desk) -> None:
    complaint_id = await _dispatched(desk, content=HOSTILE)
    assert word_cells(await _printed(desk, f"orders/{complaint_id}/work-order.docx"))[0][2][1] == HOSTILE
    await _printed(desk, f"orders/{complaint_id}/work-order.pdf")
