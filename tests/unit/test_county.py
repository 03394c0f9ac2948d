"""The sample county holds together, and a county that does not is refused with a clear word."""

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import deploy.county
from deploy.county import SAMPLE_CASES, SAMPLE_COMPLAINTS, BadCounty, County, load_county
from shared.security.roles import Role

TOWNSHIPS = "huaidian, zhidian, laocheng, fujing, xinanji, baiji, zhaodeying, liuzhuangdian, lianchi, zhouying"
BUREAUS = (
    "zrzy, zjj, swj, scjg, rsj, ybj, mzj, gaj, wjw, jyj, jtj, nyncj, cgj, sthj, cl, gjj, gdgs, zls, rqgs, yjj, fgw"
)


@pytest.fixture(scope="module")
def county() -> County:
    return load_county()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in Path(deploy.county.__file__).parent.glob("*.json"):
        shutil.copy(file, tmp_path)
    return tmp_path


def test_the_county_has_its_center_and_all_22_townships(county: County) -> None:
    assert (county.root.code, county.root.name) == ("sq", "沈丘县政务服务中心")
    townships = {center.code: center.name for center in county.centers if center.parent == "sq"}
    assert len(townships) == 22
    assert {f"sq-{township}" for township in TOWNSHIPS.split(", ")} <= townships.keys()
    assert townships["sq-zhidian"] == "纸店镇便民服务中心"
    assert {center.area_code for center in county.centers} == {"0394"}


def test_the_county_has_its_21_departments_and_every_township_a_unit_of_its_own(county: County) -> None:
    assert [each.code for each in county.departments if each.level == "county"] == BUREAUS.split(", ")
    assert {each.center for each in county.departments if each.level == "county"} == {"sq"}
    units = [each for each in county.departments if each.level == "township"]
    assert {each.code for each in units} == {"zhfw"}
    assert [each.center for each in units] == [center.code for center in county.centers if center.parent]


def test_every_center_and_department_has_its_people(county: County) -> None:
    held = Counter((member.role, member.center, member.department) for member in county.members)

    for center in county.centers:
        for role in (Role.CLERK, Role.COORDINATOR, Role.HEAD):
            assert held[role, center.code, None] == 1
    for department in county.departments:
        assert held[Role.OFFICER, department.center, department.code] == 1
    for role in set(Role) - {Role.CLERK, Role.COORDINATOR, Role.HEAD, Role.OFFICER, Role.CHANNEL, Role.PUBLIC}:
        assert held[role, "sq", None] == 1


def test_the_logins_are_what_the_readme_says(county: County) -> None:
    usernames = {member.username for member in county.members}

    assert usernames >= {
        "clerk-sq", "coordinator-sq-zhidian", "head-sq", "officer-zrzy", "officer-sq-fujing-zhfw", "supervisor-sq",
        "government-sq", "case-editor-sq", "case-approver-sq", "admin", "auditor-sq",
    }  # fmt: skip


def test_people_and_phones_are_invented_and_nobody_shares_one(county: County) -> None:
    phones = [member.phone for member in county.members] + [center.phone for center in county.centers]

    assert all(re.fullmatch(r"1990000\d{4}|0394-5000\d{3}", phone) for phone in phones)
    assert len(set(phones)) == len(phones)
    assert len({member.name for member in county.members}) == len(county.members)


def test_the_channels_are_the_four_sources(county: County) -> None:
    assert [channel.source for channel in county.channels] == ["window", "hotline-12345", "governance-center", "web"]


def test_the_county_knows_everyone_the_sample_complaints_name(county: County) -> None:
    centers = {center.code for center in county.centers}
    departments = {(each.center, each.code) for each in county.departments}
    units = {unit.way: {each.name for each in county.units if each.way == unit.way} for unit in county.units}
    for line in SAMPLE_COMPLAINTS.read_text().splitlines():
        complaint = json.loads(line)
        handling = complaint["handling"]
        receiving = handling["transfer_to_center"] or "sq"
        assert {complaint["submission"]["center"], receiving} <= centers
        for code in filter(None, [handling["lead"], *handling["co"]]):
            assert {(receiving, code), ("sq", code)} & departments
        assert (handling["external_unit"] or "沈丘县水利局") in units["refer"]
        assert (handling.get("directed_to") or "沈丘县信访局") in units["direct"]


def change(folder: Path, file: str, number: int, **fields: Any) -> None:
    path = folder / file
    records = json.loads(path.read_text())
    records[number] |= fields
    path.write_text(json.dumps(records))


@pytest.mark.parametrize(
    ("file", "number", "fields", "says"),
    [
        ("centers.json", 1, {"parent": "sq-nosuch"}, "unknown parent sq-nosuch"),
        ("centers.json", 1, {"parent": None}, "exactly one center"),
        ("centers.json", 1, {"code": "sq-liufu"}, "sq-liufu stands there more than once"),
        ("centers.json", 1, {"code": "sq.huaidian"}, "lower-case"),
        ("centers.json", 1, {"name": " "}, "record 2: name should be a text"),
        ("centers.json", 1, {"population": "98000"}, "unknown field population"),
        ("departments.json", 0, {"center": "xx"}, "unknown center xx"),
        ("departments.json", 0, {"code": "zjj"}, "sq/zjj stands there more than once"),
        ("departments.json", 0, {"level": "province"}, "unknown level province"),
        ("staff.json", 0, {"center": "xx"}, "clerk-sq has the unknown center xx"),
        ("staff.json", 0, {"role": "boss"}, "record 1: 'boss'"),
        ("staff.json", 0, {"role": "public"}, "nobody of the staff is a public"),
        ("staff.json", 0, {"department": "zrzy"}, "officers have a department"),
        ("staff.json", 0, {"role": "officer", "department": "zhfw"}, "unknown department sq/zhfw"),
        ("staff.json", 0, {"phone": 19900005001}, "phone should be a text"),
        ("channels.json", 0, {"source": "web"}, "web stands there more than once"),
        ("units.json", 0, {"way": "ask"}, "unknown way ask"),
    ],
)  # fmt: skip
def test_a_county_that_contradicts_itself_is_refused(
    folder: Path, file: str, number: int, fields: dict[str, Any], says: str
) -> None:
    change(folder, file, number, **fields)

    with pytest.raises(BadCounty, match=re.escape(says)) as refused:
        load_county(folder)
    assert file in str(refused.value)


def test_a_folder_that_lacks_a_file_or_holds_something_else_is_refused(folder: Path) -> None:
    assert load_county(folder) == load_county()
    (folder / "units.json").write_text("{}")
    with pytest.raises(BadCounty, match=r"units\.json: not a list"):
        load_county(folder)
    (folder / "units.json").write_text("[1]")
    with pytest.raises(BadCounty, match="record 1: not an object"):
        load_county(folder)
    (folder / "units.json").unlink()
    with pytest.raises(BadCounty, match=r"units\.json"):
        load_county(folder)


def test_the_sample_cases_have_what_a_case_needs_and_each_is_another() -> None:
    cases = json.loads(SAMPLE_CASES.read_text())
    assert {frozenset(case) for case in cases} <= {
        frozenset({"title", "problem"}),
        frozenset({"title", "problem", "method", "steps", "conclusion", "basis"}),
    }
    assert len({case["title"] for case in cases}) == len(cases)
