"""What there is, on pages: listed for all who work here; entered, corrected, retired and restored by administrators."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from services.directory.app import service
from services.directory.pages.sheets import SHEETS
from services.directory.usecases import telling
from shared.events.directory import DepartmentChanged
from shared.security.roles import CALLED, MAY, Action, Actor, Role
from tests.support.alone import Alone
from tests.support.browser import Browser, changes
from tests.support.county import a_few_of_the_county

ADMINISTRATOR = Actor("admin", "管理员", Role.ADMINISTRATOR, "sq")
CLERK = Actor("clerk-sq", "张敏", Role.CLERK, "sq")
BUREAU = {"center": "sq", "code": "dasj", "name": "沈丘县档案史志局", "short_name": "档案史志局"}
NEW = {
    "centers": ({"code": "sq-new", "name": "新区便民服务中心", "parent": "sq", "area_code": "0394"}, "sq-new"),
    "departments": (BUREAU, "sq/dasj"),
    "units": ({"name": "沈丘县气象局", "way": "refer", "phone": "12121"}, "沈丘县气象局"),
    "liaisons": ({"center": "sq", "code": "jw", "name": "陈立", "organ": "县纪委监委"}, "sq/jw"),
    "channels": ({"code": "wechat", "name": "微信小程序"}, "wechat"),
    "partners": ({"code": "department.sq.zrzy", "name": "自然资源局业务系统"}, "department.sq.zrzy"),
}


@pytest.fixture
async def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 09:00")
        await alone.do(lambda session: telling.load_county(session, a_few_of_the_county()))
        yield alone


@pytest.fixture
async def browser(directory: Alone) -> Browser:
    return await Browser(directory).logged_in(ADMINISTRATOR)


async def entered(browser: Browser, path: str, **typed: Any) -> str:
    await browser.open(f"/directory/{path}/new")
    return (await browser.send(f"/directory/{path}", **typed)).text


@pytest.mark.parametrize("path", NEW)
async def test_what_is_entered_stands_in_the_list_and_is_corrected_retired_and_restored(
    browser: Browser, path: str
) -> None:
    given, named = NEW[path]
    key, at = quote(named), f"/directory/{path}"
    page = await entered(browser, path, **given)
    assert f"已新增：{given['name']}。" in page
    assert browser.page.url.path == f"{at}/of/{named}"
    assert given["name"] in (await browser.open(at)).text
    await browser.open(f"{at}/of/{key}")
    other = {"phone": "12122"} if path == "units" else {"name": f"{given['name']}（新）"}
    page = (await browser.send(f"{at}/correct/{key}", **other, reason="名称变更")).text
    assert "已更正" in page
    assert "名称变更" in page
    assert "→" in page, "the history says what was another before"
    await browser.send(f"{at}/retire/{key}", reason="机构改革")
    assert "已停用" in browser.page.text
    assert given["name"] not in (await browser.open(at)).text
    assert given["name"] in (await browser.open(f"{at}?standing=retired")).text
    await browser.open(f"{at}/of/{key}")
    assert "已恢复使用" in (await browser.send(f"{at}/restore/{key}", reason="恢复设置")).text


async def test_every_fault_is_named_at_its_field_and_what_was_typed_stays(browser: Browser) -> None:
    page = await entered(browser, "departments", center="", code="ZRZY", name="", short_name="档案局")
    assert browser.page.status_code == 422
    for fault in ("所属中心：必填，请填写。", "代码：含有不允许的字符，请核对。", "全称：必填，请填写。"):
        assert fault in page
    assert browser.fields("/directory/departments")["short_name"] == "档案局"


async def test_a_refusal_of_the_directory_is_shown_on_the_form(browser: Browser) -> None:
    page = await entered(browser, "departments", **BUREAU | {"code": "zrzy"})
    assert browser.page.status_code == 409
    assert "“sq/zrzy”已经存在" in page
    page = await entered(browser, "centers", code="sq-b", name="另一个县级中心", area_code="0394")
    assert "县级中心只有一个（sq）" in page


async def test_what_others_lean_on_is_not_retired_and_they_are_named(browser: Browser) -> None:
    await browser.open("/directory/departments/of/sq/zrzy")
    page = await browser.send("/directory/departments/retire/sq/zrzy", reason="机构改革")
    assert page.status_code == 409
    assert "（officer-zrzy）还在使用它" in page.text
    assert browser.fields("/directory/departments/retire/sq/zrzy")["reason"] == "机构改革"


async def test_who_corrects_what_another_has_changed_meanwhile_is_told_so(directory: Alone, browser: Browser) -> None:
    await browser.open("/directory/departments/of/sq/zrzy")
    other = await Browser(directory).logged_in(ADMINISTRATOR)
    await other.open("/directory/departments/of/sq/zrzy")
    await other.send("/directory/departments/correct/sq/zrzy", short_name="资规局", reason="简称变更")
    page = await browser.send("/directory/departments/correct/sq/zrzy", short_name="自规局", reason="简称变更")
    assert page.status_code == 409
    assert "别人已经改过它（现在是第2版），请刷新后再改。" in page.text
    [first, told] = [each for each in await directory.told() if isinstance(each, DepartmentChanged)][-2:]
    assert (first.subject, told.short_name) == ("sq-fujing/zhfw", "资规局")


async def test_a_form_for_one_fact_changes_no_other(browser: Browser) -> None:
    await browser.open("/directory/departments/of/sq/zrzy")
    sent = {"code": "zhfw", "center": "sq-fujing", "reason": "更名", "name": "别的名称"}
    assert (await browser.send("/directory/departments/correct/sq/zrzy", **sent)).status_code == 404


async def test_what_is_typed_is_shown_as_text(browser: Browser) -> None:
    page = await entered(browser, "units", name="<b>=HYPERLINK(1)</b>{{7*7}}", way="refer")
    assert "&lt;b&gt;=HYPERLINK(1)&lt;/b&gt;{{7*7}}" in page
    assert "<b>=" not in page


async def test_a_channels_key_is_changed_for_a_reason_and_shown_once(directory: Alone, browser: Browser) -> None:
    await browser.open("/directory/channels/of/web")
    assert (await browser.send("/directory/channels/key/web")).status_code == 422
    page = await browser.send("/directory/channels/key/web", reason="人员变动")
    assert "密钥只在这里显示这一次" in page.text
    assert "更换密钥" in (await browser.open("/directory/channels/of/web")).text
    clerk = await Browser(directory).logged_in(CLERK)
    assert "密钥" not in (await clerk.open("/directory/channels/of/web")).text


@pytest.mark.parametrize("path", [*SHEETS, "roles"])
async def test_everybody_who_works_here_reads_and_only_administrators_are_offered_a_change(
    directory: Alone, path: str
) -> None:
    clerk = await Browser(directory).logged_in(CLERK)
    page = await clerk.open(f"/directory/{path}")
    assert page.status_code == 200
    assert "新增" not in page.text
    assert changes(page.text) == set()
    assert (await clerk.open(f"/directory/{path}/new")).status_code in (403, 404)


async def test_an_empty_list_says_what_to_do_first(browser: Browser) -> None:
    page = await browser.open("/directory/liaisons")
    assert "还没有联络员" in page.text
    assert '<a class="button first" href="/directory/liaisons/new">新增联络员</a>' in page.text
    assert "没有符合条件的外部单位" in (await browser.open("/directory/units?text=没有")).text


async def test_a_list_is_narrowed_by_words_center_and_role(browser: Browser) -> None:
    page = await browser.open("/directory/staff?center=sq-fujing")
    assert "coordinator-sq-fujing" in page.text
    assert "clerk-sq<" not in page.text
    assert "clerk-sq<" in (await browser.open("/directory/staff?role=clerk")).text
    assert "自然资源局" in (await browser.open("/directory/departments?text=ZRZY")).text
    assert (await browser.open("/directory/staff?page=2")).status_code == 200
    assert (await browser.open("/directory/units/of/没有的单位")).status_code == 404


async def test_the_permission_table_shown_is_the_one_in_force(browser: Browser) -> None:
    page = (await browser.open("/directory/roles")).text
    for called in CALLED.values():
        assert f'<th scope="col">{called}</th>' in page
    row = page.split('<th scope="row" class="place">签收、答复</th>')[1].split("</tr>")[0]
    cells = [cell.split("<")[0] for cell in row.split("<td>")[1:]]
    assert [role for role, cell in zip(CALLED, cells, strict=True) if cell] == list(MAY[Action.REPLY])
    assert cells[list(CALLED).index(Role.OFFICER)] == "本部门"
    assert changes(page) == set(), "read only"
