"""An office may replace a Word template; one that could not be printed is refused when it is uploaded, saying where."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import httpx
import pytest

from deploy.papers.drawn import SHIPPED, work_order
from deploy.papers.parts import cell, control, document, paragraph, row, run, table
from services.dispatch.usecases.papers import WORK_ORDER
from shared.events.intake import Triage
from shared.papers.forms import LETTER
from shared.papers.kinds import Format
from shared.papers.printing import Form
from shared.security.roles import Actor, Role
from tests.architecture.code import ROOT
from tests.support.browser import Browser
from tests.support.dispatching import COORDINATOR, HEAD, OF_TOWNSHIP, Desk, desk
from tests.support.papers import word_text

__all__ = ["desk"]

ADMINISTRATOR = Actor("guan", "管", Role.ADMINISTRATOR, "sq")
DOOR = "paper-templates/work-order.docx"


def _drawn(*blocks: str, title: str = "工作单") -> bytes:
    """A template with the fields of a work order that none may lack in a table below these."""
    cells = (cell(10, paragraph(run(f"{{{{ {name} }}}}"))) for name in WORK_ORDER.required)
    return document(title, *blocks, table([10] * 5, row(*cells)), footer=paragraph(run("第页")))


OWN = _drawn(paragraph(run("本县工作单：{{ number }}，{{ name }}")))


def _with(name: str, content: str) -> bytes:
    """A good template with one more part, or with a part replaced."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(OWN)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, content)
    return file.getvalue()


async def _put(desk: Desk, content: bytes, actor: Actor = HEAD) -> tuple[int, Any]:
    answer = await desk.ask("PUT", DOOR, actor, content=content)
    return answer.status_code, answer.json()


async def _printed(desk: Desk, complaint_id: str, actor: Actor = COORDINATOR) -> bytes:
    answer = await desk.ask("GET", f"orders/{complaint_id}/work-order.docx", actor)
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.mark.parametrize("form", [LETTER, WORK_ORDER])
def test_every_field_has_a_meaning(form: Form) -> None:
    assert form.meanings.keys() == form.sample.keys()


@pytest.mark.parametrize("place", SHIPPED, ids=str)
def test_the_shipped_templates_are_those_that_are_drawn(place: Any) -> None:
    assert (ROOT / place).read_bytes() == SHIPPED[place], "run `python -m deploy.papers`"


async def test_a_replaced_template_is_printed_from_then_on_and_the_shipped_one_after_it_is_withdrawn(
    desk: Desk,
) -> None:
    complaint_id = await desk.complaint()
    shipped = await _printed(desk, complaint_id)
    status, kept = await _put(desk, OWN)
    assert (status, [version["version"] for version in kept["versions"]]) == (200, [1])
    assert word_text(await _printed(desk, complaint_id)).startswith("本县工作单：2026年第")
    assert word_text(await _printed(desk, complaint_id)).endswith("，张三丰")
    assert (await desk.ask("GET", DOOR, HEAD)).content == OWN

    back = (await desk.ask("DELETE", DOOR, HEAD)).json()
    assert back["in_force"].startswith("shipped-")
    assert back["versions"][0]["withdrawn_at"]
    assert await _printed(desk, complaint_id) == shipped
    assert (await desk.ask("DELETE", DOOR, HEAD)).status_code == 404


async def test_every_version_is_kept(desk: Desk) -> None:
    await _put(desk, OWN)
    _, kept = await _put(desk, work_order())
    assert [(each["version"], bool(each["withdrawn_at"])) for each in kept["versions"]] == [(2, False), (1, True)]


async def test_a_township_prints_with_its_countys_template_unless_it_has_its_own(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD, "sq-zhidian")
    await _put(desk, OWN, ADMINISTRATOR)
    assert word_text(await _printed(desk, complaint_id, OF_TOWNSHIP)).startswith("本县工作单")
    head = Actor("head-sq-zhidian", "卢艳丽", Role.HEAD, "sq-zhidian")
    await _put(desk, _drawn(paragraph(run("本镇工作单：{{ number }}"))), head)
    assert word_text(await _printed(desk, complaint_id, OF_TOWNSHIP)).startswith("本镇工作单")


async def test_orders_printed_together_are_each_filled_into_their_own_centers_template(desk: Desk) -> None:
    county, township = await desk.complaint(), await desk.complaint(Triage.HARD, "sq-zhidian")

    async def printed(*wanted: str) -> httpx.Response:
        return await desk.ask("POST", "work-orders.docx", COORDINATOR, json={"complaint_ids": [*wanted]})

    await _put(desk, OWN, ADMINISTRATOR)
    together = await printed(county, township)
    assert together.headers["content-type"] == Format.WORD.media_type
    assert word_text(together.content).count("本县工作单") == 2

    head = Actor("head-sq-zhidian", "卢艳丽", Role.HEAD, "sq-zhidian")
    await _put(desk, _drawn(paragraph(run("本镇工作单：{{ number }}"))), head)
    apart = await printed(township, county, township)
    assert apart.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(apart.content)) as archive:
        texts = [word_text(archive.read(name)) for name in archive.namelist()]
    assert [(text.count("本镇工作单"), text.count("本县工作单")) for text in texts] == [(2, 0), (0, 1)]
    assert (await printed(township, county, township)).content == apart.content
    assert word_text((await printed(township)).content).startswith("本镇工作单")


async def test_only_heads_and_administrators_keep_templates(desk: Desk) -> None:
    assert (await _put(desk, OWN, COORDINATOR))[0] == 403
    assert (await desk.ask("GET", "paper-templates", COORDINATOR)).status_code == 403
    listed = (await desk.ask("GET", "paper-templates", ADMINISTRATOR)).json()
    assert "work-order" in [each["kind"] for each in listed]
    assert (await desk.ask("GET", "paper-templates/ledger.docx", HEAD)).status_code == 404


async def test_a_head_replaces_a_template_on_a_page_is_told_every_fault_and_goes_back(desk: Desk) -> None:
    home = "/dispatch/paper-templates"
    browser = await Browser(desk).logged_in(HEAD)
    page = await browser.open(f"{home}?kind=work-order")
    assert "政务服务责任部门及牵头部门（模板必须有）" in page.text, "what a field means is said in the office's words"
    bad = _drawn(paragraph(run("姓名{{ nmae }}")), paragraph(run("{{ 7*7 }}")), paragraph(run("{{ 7*7 }}，{{ 8*8 }}")))
    page = await browser.send(f"{home}/work-order", files={"file": ("a.docx", bad)})
    assert page.status_code == 422
    for words in ("模板有3处有误", "没有字段“nmae”", "正文“{{ 7*7 }}”处有误", "正文“{{ 7*7 }}，{{ 8*8 }}”处有误"):
        assert words in page.text
    page = await browser.send(f"{home}/work-order", files={"file": ("a.docx", OWN)})
    assert "模板已换为本中心第1版" in page.text
    assert f'href="/dispatch/api/{DOOR}"' in page.text
    assert (await desk.ask("GET", DOOR, HEAD)).content == OWN
    township = await Browser(desk).logged_in(Actor("head-sq-zhidian", "卢艳丽", Role.HEAD, "sq-zhidian"))
    assert "县中心第1版" in (await township.open(home)).text
    page = await browser.send(f"{home}/work-order/back")
    assert "已停用本中心的模板" in page.text
    assert (await desk.ask("GET", DOOR, HEAD)).content == work_order()


async def test_an_issued_paper_is_printed_with_the_template_it_was_issued_with(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.OUT_OF_SCOPE)
    await desk.act(complaint_id, "refer", unit="供电公司")
    paper = (await desk.ask("POST", f"orders/{complaint_id}/papers/referral", HEAD, json={})).json()
    before = (await desk.ask("GET", f"papers/{paper['paper_id']}.docx", HEAD)).content
    other = document(
        "函", *(paragraph(run(f"{{{{ {name} }}}}")) for name in LETTER.required), footer=paragraph(run("页"))
    )
    assert (await desk.ask("PUT", "paper-templates/referral.docx", HEAD, content=other)).status_code == 200
    assert (await desk.ask("GET", f"papers/{paper['paper_id']}.docx", HEAD)).content == before


CODES = {
    "no-word-document": ("不是有效的 Word 文档", "已损坏", "不带宏"),
    "template-too-big": ("不能超过2MB", "过大"),
    "template-not-plain": ("含有", "嵌入的", "文档类型声明", "链接了外部文件", "不允许的域"),
}
"""What is told of a file before anybody looks at what the template says."""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            document("x", paragraph(run("编号{{ number ")), footer=paragraph(run("x"))),
            "模板正文“编号{{ number”处有误：标签写得不完整",
        ),
        (_drawn(paragraph(run("姓名{{ nmae }}"))), "没有字段“nmae”，可用的字段有：number、name"),
        (_drawn(paragraph(run("{{ 7*7 }}"))), "不能计算或调用"),
        (_drawn(paragraph(run("{{ name.__class__.mro() }}"))), "不能计算或调用"),
        (_drawn(paragraph(run("{{ name.__class__ }}"))), "试印"),
        (_drawn(paragraph(run("{{ ''.__class__.__mro__ }}"))), "没有的字段“__mro__”"),
        (_drawn(paragraph(run("{{ name.upper }}"))), "没有的字段“upper”"),
        (_drawn(paragraph(run("{{ cycler }}"))), "没有字段“cycler”"),
        (_drawn(paragraph(run("{{ name|safe }}"))), "不能计算或调用"),
        (_drawn(paragraph(run("{% set a = 1 %}"))), "不能计算或调用"),
        (_drawn(paragraph(run("{% include 'a' %}"))), "不能计算或调用"),
        (_drawn(paragraph(run("{% for a in content %}{{ a }}{% endfor %}"))), "“for”只能用于列表字段"),
        (_drawn(paragraph(run("{% if name %}"))), "标签写得不完整"),
        (_drawn(paragraph(run("{{r name }}"))), "不能使用“{{r name"),
        (
            _drawn(paragraph(run("{% if name %}")), table((10,), row(cell(10, paragraph(run("a{% endif %}")))))),
            "用各栏留空的数据试印时",
        ),
        (_drawn(control("{%p if number.year %}"), paragraph(run("x")), control("{%p endif %}")), "没有的字段“year”"),
        (document("x", paragraph(run("x")), footer=paragraph(run("{{ nope }}"))), "模板页脚1“{{ nope }}”处有误"),
        (_drawn(paragraph(run("x")), title="{{ 1/0 }}"), "模板文档属性“title”"),
        (
            document("x", paragraph(run("{{ number }}{{ name }}{{ due }}")), footer=paragraph(run("x"))),
            "缺少必须印出的字段“诉求主要内容”（content）、“政务服务责任部门及牵头部门”（departments），请补上后重新上传。",
        ),
        (b"PK but no zip", "不是有效的 Word 文档"),
        (b"", "不是有效的 Word 文档"),
        (b"x" * (2 * 1024 * 1024 + 1), "不能超过2MB"),
        (_with("word/vbaProject.bin", "x"), "含有宏"),
        (_with("word/embeddings/a.bin", "x"), "含有嵌入的对象"),
        (_with("word/huge.xml", "<a>" + "x" * 3_000_000 + "</a>"), "word/huge.xml过大"),
        (_with("word/bomb.bin", "0" * 30_000_000), "解压后过大"),
        (_with("word/styles.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "文档类型声明"),
        (_with("word/a.dat", '<a xmlns:w="w"><w:fldSimple w:instr="INCLUDEPICTURE a"/></a>'), "不允许的域“INCLUDEPI"),
        (_with("word/_rels/a.rels", '<R><Relationship Type="o/aFChunk" Target="a.dat"/></R>'), "嵌入的文档（a.dat）"),
        (_with("word/styles.xml", "<a>"), "已损坏"),
        (_with("[Content_Types].xml", "<Types/>"), "不带宏"),
        (
            _with("word/_rels/a.rels", '<R><Relationship TargetMode="External" Target="http://a/"/></R>'),
            "链接了外部文件或网址（http://a/）",
        ),
        (
            _with("word/a.xml", '<a xmlns:w="w"><w:instrText>DDE</w:instrText><w:instrText>AUTO c</w:instrText></a>'),
            "不允许的域“DDEAUTO c”",
        ),
    ],
)  # fmt: skip
async def test_a_template_that_could_not_be_printed_is_refused_and_told_where(
    desk: Desk, content: bytes, words: str
) -> None:
    status, problem = await _put(desk, content)
    code = next((code for code, said in CODES.items() if any(each in words for each in said)), "template-broken")
    assert (status, problem["code"]) == (422, code)
    assert words in problem["detail"]
    assert problem["detail"].endswith("。")
    (kept,) = [each for each in (await desk.ask("GET", "paper-templates", HEAD)).json() if each["kind"] == "work-order"]
    assert kept["versions"] == []
