"""Many facts at once from Excel: good, bad, twice, hostile; every bad row told, nothing done unless that is wanted."""

from __future__ import annotations

import re
from typing import Any

import pytest

from services.directory.pages.sheets import OF_KIND, ROLES
from services.directory.pages.workbook import MOST_BYTES, MOST_ROWS, rows_of
from shared.events.directory import CenterChanged, DepartmentChanged, MemberChanged
from shared.refusals import Invalid
from shared.security.roles import Actor, Role
from tests.service.test_directory_accounts import ACCOUNT, log_in
from tests.service.test_directory_calendars import CLERK, directory
from tests.support.alone import Alone
from tests.support.browser import Browser
from tests.support.workbooks import EXCEL, changed, table, with_parts

__all__ = ["directory"]

ADMINISTRATOR = Actor("guan", "管理员", Role.ADMINISTRATOR, "sq")
IMPORTS = "/directory/imports"
HEADS = ("用户名*", "姓名*", "岗位*", "所在中心*", "部门", "电话")
STAFF = (
    HEADS,
    ("wang-lei", "王磊", "部门承办人员", "沈丘县政务服务中心", "自然资源局", 19900001001),
    ("li-na", "李娜", "clerk", "sq", None, "0394-5000001"),
    ("zhao-yun", "赵云", "部门承办人员", "付井镇便民服务中心", "zhfw", None),
)
DEPARTMENTS = (("所属中心", "代码", "全称", "简称"), ("sq", "dasj", "沈丘县档案史志局", "档案史志局"))


@pytest.fixture
async def browser(directory: Alone) -> Browser:
    return await Browser(directory).logged_in(ADMINISTRATOR)


async def uploaded(browser: Browser, kind: str, content: bytes, **typed: Any) -> str:
    await browser.open(f"{IMPORTS}?kind={kind}")
    files = {"file": ("导入.xlsx", content, EXCEL)}
    return (await browser.send(IMPORTS, files=files, **{"kind": kind} | typed)).text


def figures(html: str) -> list[int]:
    """Entered, corrected, the same, bad."""
    return [int(number) for number in re.findall(r"<li(?: class=\"late\")?><b>(\d+)</b>", html)]


def faults(html: str) -> list[tuple[str, ...]]:
    """Row, column, what stands there, what is wrong."""
    rows = re.findall(r"<tr><td>(第\d+行)</td><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td></tr>", html)
    return [tuple(row) for row in rows]


async def told(directory: Alone, kind: type) -> list[Any]:
    return [event for event in await directory.told() if isinstance(event, kind)]


async def test_a_good_file_is_entered_whole_and_a_second_time_changes_nothing(
    directory: Alone, browser: Browser
) -> None:
    before = len(await told(directory, MemberChanged))
    page = await uploaded(browser, "member", table(*STAFF))
    assert "导入完成。" in page
    assert figures(page) == [3, 0, 0, 0]
    wang, _, zhao = (await told(directory, MemberChanged))[before:]
    assert (wang.subject, wang.role, wang.center, wang.department) == ("wang-lei", "officer", "sq", "zrzy")
    assert wang.phone == "19900001001", "a number in Excel is no 1.99E+10"
    assert (zhao.center, zhao.department) == ("sq-fujing", "zhfw")
    events = len(await directory.told())
    assert figures(await uploaded(browser, "member", table(*STAFF))) == [0, 0, 3, 0]
    assert len(await directory.told()) == events
    other = (*STAFF[:-1], (*STAFF[-1][:5], "0394-5000003"))
    assert figures(await uploaded(browser, "member", table(*other))) == [0, 1, 2, 0]
    assert (await told(directory, MemberChanged))[-1].revision == 2


async def test_every_bad_row_is_told_with_its_column_and_nothing_is_done(directory: Alone, browser: Browser) -> None:
    before = len(await directory.told())
    bad = (
        HEADS,
        ("good", "好", "clerk", "sq", None, None),
        ("Bad Name", "王", "clerk", "sq", None, None),
        ("b", None, "局长", "没有的中心", None, "电话"),
        ("c", "承办", "部门承办人员", "sq", None, None),
        ("d", "公式", "clerk", "sq", None, "==1+1"),
        ("good", "重", "clerk", "sq", None, None),
        (None, None, None, None, None, None),
        ("e", "多", "clerk", "sq", None, None, "多出来的"),
    )
    page = await uploaded(browser, "member", table(*bad))
    assert browser.page.status_code == 422
    assert "有6行有误，一行也没有导入。" in page
    assert figures(page) == [1, 0, 0, 6]
    roles = "、".join(ROLES.values())
    centers = "、".join(("沈丘县政务服务中心", "付井镇便民服务中心"))
    assert faults(page)[:10] == [
        ("第3行", "用户名", "Bad Name", "含有不允许的字符，请核对。"),
        ("第4行", "姓名", "（空）", "必填，请填写。"),
        ("第4行", "岗位", "局长", f"没有“局长”，可以填：{roles}。"),
        ("第4行", "所在中心", "没有的中心", f"没有“没有的中心”，可以填：{centers}。"),
        ("第4行", "电话", "电话", "含有不允许的字符，请核对。"),
        ("第5行", "部门", "（空）", "承办人员必须属于一个部门，其他岗位不填部门。"),
        ("第6行", "电话", "…", "单元格是公式，请改为文字或数值（复制后“选择性粘贴—数值”）。"),
        ("第7行", "用户名", "good", "与第2行重复，请只留一行。"),
        ("第9行", "整行", "（空）", "第7列没有表头，请删去其中的内容。"),
    ]
    assert len(await directory.told()) == before


async def test_whoever_wants_the_good_rows_gets_them_and_the_report_of_the_others(
    directory: Alone, browser: Browser
) -> None:
    rows = (*STAFF, ("x y", "坏", "clerk", "sq", None, None))
    assert figures(await uploaded(browser, "member", table(*rows), mode="check")) == [3, 0, 0, 1]
    assert "只做了检查，没有导入。" in browser.page.text
    assert "wang-lei" not in (await browser.open("/directory/staff")).text
    page = await uploaded(browser, "member", table(*rows), mode="good")
    assert "导入完成。" in page
    assert figures(page) == [3, 0, 0, 1]
    assert "x y" in page
    assert "wang-lei" in (await browser.open("/directory/staff")).text


async def test_new_members_get_passwords_that_are_shown_once(directory: Alone, browser: Browser) -> None:
    page = await uploaded(browser, "member", table(*STAFF), passwords=["true"])
    [_, (username, once), _] = re.findall(r"<td>(\S+)</td><td>\S+</td><td><code>(\S+)</code>", page)
    assert username == "li-na"
    assert await log_in(Browser(directory), username=username, password=once) == ACCOUNT
    assert "<code>" not in await uploaded(browser, "member", table(*STAFF), passwords=["true"]), "they have theirs"


async def test_what_a_table_has_no_column_for_stays_and_what_is_retired_is_not_touched(
    directory: Alone, browser: Browser
) -> None:
    rows = (("名称", "办理方式"), ("周口市邮政管理局", "告知渠道"))
    assert figures(await uploaded(browser, "unit", table(*rows))) == [0, 1, 0, 0]
    assert "12305" in (await browser.open("/directory/units")).text
    await browser.open("/directory/units/of/周口市邮政管理局")
    [action] = [each for each in re.findall(r'action="([^"]+)"', browser.page.text) if "retire" in each]
    await browser.send(action, reason="不再函转")
    page = await uploaded(browser, "unit", table(*rows))
    assert "它已经停用；请先在页面上恢复使用，再导入。" in page


@pytest.mark.parametrize("kind", OF_KIND)
async def test_a_template_says_what_it_wants_and_one_with_all_there_is_changes_nothing(
    directory: Alone, browser: Browser, kind: str
) -> None:
    await browser.open(f"{IMPORTS}/{kind}.xlsx")
    assert browser.page.headers["content-type"] == EXCEL
    [head] = rows_of(browser.page.content)
    assert [text.rstrip("*") for text in head.cells.values()] == [field.label for field in OF_KIND[kind].fields]
    filled = (await browser.open(f"{IMPORTS}/{kind}.xlsx?filled=true")).content
    if len(rows_of(filled)) == 1:
        assert "只有表头" in await uploaded(browser, kind, filled)
        return
    page = await uploaded(browser, kind, filled)
    entered, corrected, same, bad = figures(page)
    assert (entered, corrected, bad) == (0, 0, 0)
    assert same == len(rows_of(filled)) - 1


async def test_centers_departments_and_staff_come_one_after_another(directory: Alone, browser: Browser) -> None:
    heads = ("代码", "名称", "所属县级中心", "区号", "地址和窗口位置")
    new = ("sq-new", "新区便民服务中心", "sq", "0394", None)
    assert figures(await uploaded(browser, "center", table(heads, new))) == [1, 0, 0, 0]
    [center] = [each for each in await told(directory, CenterChanged) if each.subject == "sq-new"]
    assert center.calendar["hours"], "it begins with the hours of its county"
    bureau = (DEPARTMENTS[0], ("新区便民服务中心", "zhfw", "新区综合服务站", "新区服务站"))
    assert figures(await uploaded(browser, "department", table(*bureau))) == [1, 0, 0, 0]
    assert (await told(directory, DepartmentChanged))[-1].subject == "sq-new/zhfw"
    lost_zero = (heads, ("sq-b", "别的中心", "sq", 394, None))
    assert ("第2行", "区号", "394", "含有不允许的字符，请核对。") in faults(
        await uploaded(browser, "center", table(*lost_zero))
    )


async def test_the_last_administrator_stays_one(browser: Browser) -> None:
    page = await uploaded(browser, "member", table(HEADS, ("admin", "冯雪", "auditor", "sq", None, None)))
    assert "这是最后一位管理员，不能改为其他岗位。" in page


async def test_who_is_another_by_the_import_logs_in_again(directory: Alone, browser: Browser) -> None:
    clerk = Browser(directory)
    await log_in(clerk)
    await uploaded(browser, "member", table(HEADS, ("clerk-sq", "张敏", "coordinator", "sq", None, None)))
    assert (await clerk.open(ACCOUNT)).url.path == "/directory/login"


GOOD = table(*DEPARTMENTS)
LINK = b'<Relationships><Relationship Type="x/externalLinkPath" TargetMode="External"/></Relationships>'
TYPES, SHEET = "[Content_Types].xml", "xl/worksheets/sheet1.xml"
HOSTILE = {
    "no file at all": (b"", "请选择一个填好的 Excel 文件"),
    "text": (b"center,code\nsq,x\n", "这不是 Excel 文件"),
    "old Excel": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧格式（*.xls）或加了密码"),
    "macros": (with_parts(GOOD, {"xl/vbaProject.bin": b"x"}), "文件带有宏、脚本或嵌入的程序，没有导入"),
    "called plain, but with macros": (
        changed(GOOD, TYPES, b"sheet.main+xml", b"sheet.macroEnabled.main+xml"),
        "文件带有宏、脚本或嵌入的程序",
    ),
    "a link outside": (
        with_parts(GOOD, {"xl/externalLinks/_rels/externalLink1.xml.rels": LINK}),
        "文件引用了外部的模板或对象",
    ),
    "an object": (with_parts(GOOD, {"xl/embeddings/oleObject1.bin": b"x"}), "文件带有宏、脚本或嵌入的程序"),
    "entities": (
        changed(GOOD, SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
        "文件带有宏、脚本或嵌入的程序",
    ),
    "broken": (changed(GOOD, SHEET, b"</sheetData>", b""), "文件已损坏"),
    "a bomb": (with_parts(GOOD, {"xl/media/a.bin": b"\0" * 30_000_000}), "文件解压后过大"),
    "too big": (b"PK\x03\x04" + b"x" * MOST_BYTES, "文件不能超过2MB"),
    "no sheet": (changed(GOOD, "xl/workbook.xml", b"<sheet ", b"<other "), "文件里没有工作表"),
    "another table": (table(("甲", "乙"), ("1", "2")), "第1行应是模板的表头"),
    "only headings": (table(DEPARTMENTS[0]), "表格里只有表头"),
    "too many rows": (
        table(DEPARTMENTS[0], *[("sq", f"d{n}", f"部门{n}", f"{n}") for n in range(MOST_ROWS + 1)]),
        f"一次最多导入{MOST_ROWS}行",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_file_that_is_not_a_plain_table_is_refused(directory: Alone, browser: Browser, name: str) -> None:
    content, said = HOSTILE[name]
    before = len(await directory.told())
    page = await uploaded(browser, "department", content)
    assert browser.page.status_code == 422
    assert said in page
    assert browser.fields(IMPORTS)["kind"] == "department", "what was chosen stays"
    assert len(await directory.told()) == before


async def test_what_looks_like_a_formula_is_kept_and_given_out_as_text(browser: Browser) -> None:
    name = '=HYPERLINK("http://evil.example","点我")'
    rows = (DEPARTMENTS[0], ("sq", "x", name, "<b>{{7*7}}</b>"))
    assert figures(await uploaded(browser, "department", table(*rows))) == [1, 0, 0, 0]
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt;" in (await browser.open("/directory/departments")).text
    filled = (await browser.open(f"{IMPORTS}/department.xlsx?filled=true")).content
    [row] = [row for row in rows_of(filled) if row.cells.get(1) == "x"]
    assert (row.cells[2], row.faults) == (name, {})


def test_strange_places_and_lost_strings_do_no_harm() -> None:
    sheet = b'<c r="ZZZ9999999" t="s"><v>99999</v></c><c t="s"><v>-1</v></c><c r="A0"><v>1e999</v></c>'
    odd = changed(GOOD, SHEET, b"</row></sheetData>", b"</row><row r='999999999999'>" + sheet + b"</row></sheetData>")
    assert rows_of(odd)[0].cells[0] == "所属中心"
    with pytest.raises(Invalid):
        rows_of(changed(GOOD, "xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"../../etc/passwd"))


async def test_only_administrators_import(directory: Alone) -> None:
    clerk = await Browser(directory).logged_in(CLERK)
    for path in (IMPORTS, f"{IMPORTS}/member.xlsx?filled=true"):
        assert (await clerk.open(path)).status_code == 403
    await clerk.open(ACCOUNT)
    token = clerk.fields("/directory/logout")["token"]
    answer = await clerk.client.post(
        IMPORTS, data={"token": token, "kind": "department"}, files={"file": ("a.xlsx", GOOD, EXCEL)}
    )
    assert answer.status_code == 403


async def test_an_import_stands_in_the_audit_log_with_what_it_did(directory: Alone, browser: Browser) -> None:
    await uploaded(browser, "department", GOOD)
    await uploaded(browser, "department", table(*DEPARTMENTS, ("sq", "A B", "坏", "坏")))
    answer = await directory.ask(
        "GET", "audit", Actor("shen", "审计", Role.AUDITOR, "sq"), params={"subject": "department", "result": "allowed"}
    )
    [line] = answer.json()["lines"]
    assert (line["door"], line["reason"]) == ("POST /directory/imports", "批量导入：新增1，更正0，无变化0，有误0")
