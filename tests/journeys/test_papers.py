"""On paper: annex 2 and 3, and every letter the mechanism calls for, drawn in a house at work (mechanism §6, §10)."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document

from deploy.papers.parts import document, paragraph, run
from services.intake.domain.annex import HEADINGS
from tests.support.papers import pdf_text, word_cells, word_text
from tests.support.town import ADMINISTRATOR, COORDINATOR, HEAD, TOWNSHIP, Town, refusal

ORDERS, PAPERS = "/dispatch/api/orders", "/dispatch/api/papers"


async def printed(town: Town, path: str, who: str = COORDINATOR) -> bytes:
    answer = await town.ask(who, "GET", path)
    assert answer.status_code == 200, answer.text
    return answer.content


async def signed(town: Town, complaint_id: str, kind: str) -> tuple[str, str]:
    """A letter that is called for, signed by the head: its number, and its text as it is handed out."""
    paper = await town.do(HEAD, f"{ORDERS}/{complaint_id}/papers/{kind}")
    return paper["number"], word_text(await printed(town, f"{PAPERS}/{paper['paper_id']}.docx"))


async def called_for(town: Town, complaint_id: str) -> list[str]:
    return [each["kind"] for each in await town.read(COORDINATOR, f"{ORDERS}/{complaint_id}/papers")]


async def late(town: Town) -> str:
    """Reported on Friday; its id."""
    complaint_id = await town.dispatched("cannot")
    await town.until("Fri 18:00")
    return complaint_id


async def referred(town: Town) -> str:
    complaint_id = await town.complaint("out_of_scope")
    await town.order(complaint_id, "refer", unit="沈丘县水利局", reason="属水利部门职责。")
    return complaint_id


async def told_why(town: Town) -> str:
    complaint_id = await town.dispatched("cannot")
    await town.replied(complaint_id, "reasons", remedy="可在60日内申请行政复议。")
    return complaint_id


async def extended(town: Town) -> str:
    complaint_id = await town.dispatched("hard")
    await town.replied(complaint_id, "plan", committed_on=town.day("Thu"))
    asked = {"reason": "外业测绘受天气影响。", "committed_on": town.day("next Mon")}
    await town.order(complaint_id, "extend", "officer-zrzy", **asked)
    await town.order(complaint_id, "extend", approve=True)
    return complaint_id


@pytest.mark.parametrize(
    ("begun", "kind", "mark", "says"),
    [
        (late, "supervision", "督办", ("督 办 通 知", "督办要求", "自然资源局")),
        (late, "circular", "通报", ("通报", "未按督办要求办理")),
        (late, "report", "报", ("报告", "特此报告")),
        (late, "copy", "抄函", ("抄送", "特此函达")),
        (referred, "referral", "转函", ("沈丘县水利局", "函复我中心", "周春梅")),
        (told_why, "reasons", "告知", ("《不动产登记暂行条例》第二十二条", "可在60日内申请行政复议", "周春梅")),
        (extended, "extension", "延告", ("外业测绘受天气影响", "周春梅")),
    ],
)
async def test_each_letter_the_mechanism_calls_for_is_signed_numbered_and_printed(
    town: Town, begun: Any, kind: str, mark: str, says: tuple[str, ...]
) -> None:
    complaint_id = await begun(town)
    assert kind in await called_for(town, complaint_id)
    number, text = await signed(town, complaint_id, kind)
    assert mark in number
    assert number in text
    assert all(words in text for words in says), text
    assert ("周春梅" in text) == (kind in ("referral", "reasons", "extension"))
    assert await town.refused(HEAD, f"{ORDERS}/{complaint_id}/papers/{kind}") == "issued-already"


async def test_what_another_center_takes_over_goes_there_by_letter_with_its_work_order(town: Town) -> None:
    complaint_id = await town.complaint("cannot")
    await town.order(complaint_id, "transfer", to_center=TOWNSHIP, reason="该事项由贵中心办理更为适宜。")
    number, text = await signed(town, complaint_id, "referral")
    assert number.startswith("沈政转函")
    for words in ("纸店镇便民服务中心：", "该事项由贵中心办理更为适宜", "附件：2", "“有诉即办”问题工作单"):
        assert words in text
    taker = f"coordinator-{TOWNSHIP}"
    assert await town.refused(taker, f"{ORDERS}/{complaint_id}/papers/referral") == "nothing-to-issue"


async def test_what_nothing_calls_for_is_not_issued_and_what_goes_upwards_is_the_heads_to_sign(town: Town) -> None:
    prompt = await town.dispatched("cannot")
    assert await called_for(town, prompt) == []
    assert await town.refused(HEAD, f"{ORDERS}/{prompt}/papers/circular") == "nothing-to-issue"
    complaint_id = await late(town)
    for kind in ("circular", "report", "copy"):
        assert await town.refused(COORDINATOR, f"{ORDERS}/{complaint_id}/papers/{kind}") == "heads-only"


async def test_the_work_order_has_annex_2s_cells(town: Town) -> None:
    complaint_id = await town.dispatched("hard", "zjj", instructions="请尽快。")
    [cells] = word_cells(await printed(town, f"{ORDERS}/{complaint_id}/work-order.docx"))
    assert [row[0] for row in cells] == [
        "姓名或单位名称", "诉求反映时间", "诉求主要内容", "政务服务责任部门及牵头部门", "完成时限", "备注",
    ]  # fmt: skip
    assert cells[0] == ["姓名或单位名称", "周春梅", "单位联系人", "", "联系电话", "19900007001"]
    assert cells[3][1] == "责任部门：沈丘县自然资源局、沈丘县住房和城乡建设局\n牵头部门：沈丘县自然资源局"
    assert cells[4][1].endswith("17时30分前")


async def test_the_ledger_in_excel_and_on_a3_has_annex_3s_columns_and_its_rows(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    content = (await town.read(COORDINATOR, f"/intake/api/complaints/{complaint_id}"))["content"]
    params = f"?center=sq&from={town.day('Mon')}"
    book = ZipFile(BytesIO(await printed(town, f"/intake/api/ledger.xlsx{params}")))
    texts = re.findall("<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
    assert [text for text in texts if text in HEADINGS] == list(HEADINGS)
    assert content in texts
    pages = pdf_text(await printed(town, f"/intake/api/ledger.pdf{params}"))
    assert content[:10] in "".join(pages)


async def test_a_center_prints_with_its_own_word_template_and_a_broken_one_is_refused_when_it_is_uploaded(
    town: Town,
) -> None:
    path = "/dispatch/api/paper-templates/referral.docx"
    shipped = await printed(town, path, HEAD)
    own, broken = Document(BytesIO(shipped)), Document(BytesIO(shipped))
    own.add_paragraph("——沈丘县专用函头——")
    broken.add_paragraph("{{ nothing_of_that_name.at_all() }}")

    async def put(document: Any) -> Any:
        content = BytesIO()
        document.save(content)
        return await town.ask(HEAD, "PUT", path, content=content.getvalue())

    refused = await put(broken)
    assert refused.status_code == 422, refused.text
    assert refused.json()["detail"].endswith("。")
    assert (await put(own)).is_success
    _, text = await signed(town, await referred(town), "referral")
    assert "沈丘县专用函头" in text
    assert (await town.ask(HEAD, "DELETE", path)).is_success
    _, text = await signed(town, await referred(town), "referral")
    assert "沈丘县专用函头" not in text


async def test_a_paper_that_was_not_issued_is_not_printed(town: Town) -> None:
    assert await town.not_told(COORDINATOR, f"{PAPERS}/none.pdf") == "no-such-paper"


async def test_no_order_at_all_is_not_printed(town: Town) -> None:
    asked: dict[str, Any] = {"complaint_ids": []}
    assert await town.refused(COORDINATOR, "/dispatch/api/work-orders.pdf", **asked) == "too-many-orders complaint_ids"


TEMPLATES = "/dispatch/api/paper-templates"


async def test_a_template_that_prints_nothing_is_refused_and_one_of_another_house_is_not_kept_here(town: Town) -> None:
    asks_for_too_much = document("通报", paragraph(run("{{ whim }}")), footer=paragraph(run("第页")))
    answer = await town.ask(HEAD, "PUT", f"{TEMPLATES}/circular.docx", content=asks_for_too_much)
    assert refusal(answer) == "template-broken file"
    assert refusal(await town.ask(HEAD, "DELETE", f"{TEMPLATES}/circular.docx")) == "no-own-template"
    assert await town.not_told(HEAD, f"{TEMPLATES}/case.docx") == "no-such-template"


async def test_a_message_that_is_never_sent_has_no_words_to_be_changed(town: Town) -> None:
    answer = await town.ask(ADMINISTRATOR, "PUT", "/notify/api/templates/whim", json={"title": "题", "body": "文"})
    assert refusal(answer) == "no-such-template"
