"""Forms: what is typed becomes the JSON door's body, and faults find the fields they are about."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import AwareDatetime, BaseModel, StrictBool, StrictInt
from starlette.datastructures import FormData

from shared.refusals import FieldFault, Invalid
from shared.texts import Words
from shared.web import pages
from shared.web.forms import EMPTY, Form
from shared.workdays import CHINA
from tests.support.browser import forms


class Person(BaseModel):
    name: Words
    phone: str | None = None


class Body(BaseModel):
    petitioner: Person
    category: str = "complaint"
    reported_at: AwareDatetime | None = None
    committed_on: date | None = None
    departments: list[str] = []
    confidential: bool = False
    score: StrictInt | None = None
    passed: StrictBool | None = None


def typed(*fields: tuple[str, str]) -> Form:
    return Form(FormData(list(fields)))


def test_what_was_typed_is_read_as_the_body_with_its_kinds() -> None:
    form = typed(
        ("token", "t"),
        ("petitioner.name", " 孙巧玲 "),
        ("petitioner.phone", ""),
        ("reported_at", "2026年11月23日 上午9点12分"),
        ("committed_on", "２０２６／１２／１"),
        ("departments", "sq/zrzy"),
        ("departments", "sq/zjj"),
        ("confidential", "true"),
        ("score", "0"),
        ("passed", "false"),
    )
    assert form.read(Body) == Body(
        petitioner=Person(name="孙巧玲"),
        reported_at=datetime(2026, 11, 23, 9, 12, tzinfo=CHINA),
        committed_on=date(2026, 12, 1),
        departments=["sq/zrzy", "sq/zjj"],
        confidential=True,
        score=0,
        passed=False,
    )


@pytest.mark.parametrize("number", ["9" * 5000, "－1", "²"])
def test_what_only_looks_like_a_number_is_named(number: str) -> None:
    with pytest.raises(Invalid) as refused:
        typed(("petitioner.name", "孙巧玲"), ("score", number)).read(Body)
    assert [(fault.field, fault.message) for fault in refused.value.errors] == [("score", "应为整数。")]


def test_what_is_missing_or_wrong_is_named_by_its_field() -> None:
    form = typed(
        ("petitioner.name", "  "),
        ("score", "viele"),
        ("committed_on", "2026-02-30"),
        ("reported_at", "2026-11-3 25:00"),
    )
    with pytest.raises(Invalid) as refused:
        form.read(Body)
    assert {fault.field: fault.message for fault in refused.value.errors} == {
        "petitioner.name": "必填，请填写。",
        "score": "应为整数。",
        "committed_on": "没有这个日期，请核对，写成 2026-11-23 的样子。",
        "reported_at": "没有这个日期和时间，请核对，写成 2026-11-23 09:05 的样子。",
    }


def test_a_fault_of_a_part_is_shown_at_the_field_that_is_there() -> None:
    form = typed(("departments", "x"))
    form.label("departments", "协办部门")
    form.label("reason", "理由")
    part = FieldFault("departments.0", "没有这个部门。")
    form.faults = (FieldFault("body", "其他。"), FieldFault("reason", "必填。"), part)
    assert form.fault("departments") == "没有这个部门。"
    told = [("departments", "协办部门", "没有这个部门。"), ("reason", "理由", "必填。"), ("", "", "其他。")]
    assert form.summary() == told, "as the fields stand on the page"


def rendered(template: str, **shown: Any) -> str:
    folder = Path(pages.__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= pages.FILTERS
    source = '{% import "kit.html" as kit with context %}' + template
    return environment.from_string(source).render({"form": EMPTY, "token": "t0k", **shown})


FIELDS = """{% call kit.post(form, "/x", "提交") %}
{{ kit.text(form, "petitioner.name", "姓名", "旧名", "写全名", required=true) }}
{{ kit.area(form, "content", "内容") }}
{{ kit.select(form, "triage", "类别", [("hard", "很难办"), ("cannot", "办不了")], "cannot") }}
{{ kit.radios(form, "kind", "反映人", [("individual", "个人"), ("organisation", "单位")], "individual") }}
{{ kit.checks(form, "departments", "协办", [("a", "甲"), ("b", "乙")], ["b"]) }}
{{ kit.check(form, "confidential", "保密") }}
{{ kit.day(form, "committed_on", "日期") }}
{{ kit.file(form, "paper", "附件", "不超过10MB", accept=".pdf") }}
{% endcall %}"""


def test_before_anything_is_typed_the_fields_hold_what_the_page_gives_them() -> None:
    assert forms(rendered(FIELDS))["/x"] == {
        "token": "t0k", "petitioner.name": "旧名", "content": "", "triage": "cannot", "kind": "individual",
        "departments": ["b"], "committed_on": "",
    }  # fmt: skip


def test_what_was_typed_stands_there_again_beside_what_is_wrong_with_it() -> None:
    form = typed(
        ("petitioner.name", '<b>"'), ("content", "\n一\n二"), ("triage", "hard"), ("kind", "organisation"),
        ("confidential", "true"),
    )  # fmt: skip
    faults = [FieldFault("petitioner.name", "太短，请补充。"), FieldFault("kind", "错。")]
    form.refused(Invalid("invalid", "填写有误。", faults))
    html = rendered(FIELDS, form=form)
    assert forms(html)["/x"] == {
        "token": "t0k", "petitioner.name": '<b>"', "content": "\n一\n二", "triage": "hard", "kind": "organisation",
        "confidential": ["true"], "committed_on": "",
    }  # fmt: skip
    assert '<b>"' not in html
    assert '<a href="#f-petitioner-name">姓名：太短，请补充。</a>' in html
    assert 'aria-describedby="f-petitioner-name-fault f-petitioner-name-hint" aria-invalid="true"' in html
    assert '<fieldset class="field wide" aria-describedby="f-kind-fault">' in html
    assert 'id="f-kind-fault"' in html


def test_a_button_that_changes_something_carries_the_token_and_its_fields() -> None:
    html = rendered('{{ kit.act("/x", "签收", {"part": "1"}) }}')
    assert forms(html) == {"/x": {"token": "t0k", "part": "1"}}


def test_a_list_an_empty_one_and_a_fragment() -> None:
    html = rendered(
        '{% call kit.table("待审核", ("编号",)) %}<tr><td>1</td></tr>{% endcall %}'
        '{{ kit.turn(none, "?after=9") }}{{ kit.empty("还没有工作单", "先登记。", "/r", "登记") }}'
        '{{ kit.fragment("/sla/fragments/1", "期限", "/sla/1") }}{{ kit.facts([("甲", ""), ("乙", 0)]) }}'
    )
    assert "<caption>待审核</caption>" in html
    assert '<a class="button" href="?after=9" rel="next">下一页</a>' in html
    assert 'hx-get="/sla/fragments/1" hx-trigger="load"><a href="/sla/1">期限</a>' in html
    assert "<dt>甲</dt>" not in html
    assert "<dd>0</dd>" in html
