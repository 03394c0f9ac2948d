"""Registering (mechanism §2): every channel's submission is read strictly, and refused with every fault named."""

import base64
import copy
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.fields import Refused
from services.intake.domain.submission import Category, Kind, Submission, check_submission, read_submission
from shared.workdays import CHINA

DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2026, 11, 23, 12, tzinfo=CHINA)


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text().splitlines()]


CENTERS = {line["submission"]["center"]: "0394" for line in lines("complaints.jsonl")}


def sent(line: dict[str, Any]) -> bytes:
    if "body_base64" in line:
        return base64.b64decode(line["body_base64"])
    body = line["body"]
    return body.encode() if isinstance(body, str) else json.dumps(body, ensure_ascii=False).encode()


def read(raw: bytes, source: str | None = None) -> Submission:
    return read_submission(raw, source=source, centers=CENTERS, now=NOW)


def check(value: object, source: str | None = None) -> Submission:
    return check_submission(value, source=source, centers=CENTERS, now=NOW)


def faults_of(value: object, source: str | None = None) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        check(value, source)
    return {fault.field: fault.code for fault in refused.value.faults}


def faults_if_any(value: object) -> dict[str, str]:
    try:
        check(value)
    except Refused as refused:
        return {fault.field: fault.code for fault in refused.faults}
    return {}


def given_as(path: str, value: object) -> dict[str, Any]:
    """A good submission with one field, by its dotted path, given otherwise."""
    body: dict[str, Any] = copy.deepcopy(GOOD)
    inner = body
    *outer, name = path.split(".")
    for part in outer:
        inner = inner.setdefault(part, {})
    inner[name] = value
    return body


GOOD: dict[str, Any] = {
    "source": "web",
    "source_ref": "WB-1",
    "center": "sq",
    "reported_at": "2026-11-12T10:20:00+08:00",
    "petitioner": {"kind": "individual", "name": "张三", "phone": "19900009001", "address": "沈丘县槐店镇"},
    "category": "complaint",
    "content": "窗口让我补一张早就取消了的证明。",
}

FAULTY_FIELDS = {
    "petitioner.name key missing": {"petitioner.name"},
    "petitioner.name is blank (half- and full-width spaces only)": {"petitioner.name"},
    "petitioner.phone key missing": {"petitioner.phone"},
    "organisation without contact_person (null)": {"petitioner.contact_person"},
    "unknown center code": {"center"},
    "unknown source": {"source"},
    "unknown category": {"category"},
    "content is the empty string": {"content"},
    "content is a single character": {"content"},
    "content over 200 kB (UTF-8)": {"body", "content"},
    "content of spaces, tabs and full-width spaces only": {"content"},
    "reported_at in the future": {"reported_at"},
    "reported_at without a time zone": {"reported_at"},
    "reported_at is not a date": {"reported_at"},
    "reported_at in the year 1900": {"reported_at"},
    "petitioner is a string instead of an object; content readable": {"petitioner"},
    "phone is a number and content is a list": {"petitioner.phone", "content"},
    "phone containing letters": {"petitioner.phone"},
    "NUL characters inside name and content": {"petitioner.name", "content"},
    "lone surrogate escape \\ud83d in content (body is the raw JSON text)": {"content"},
    "CR LF header injection in source_ref": {"source_ref"},
    "100 000 levels of JSON nesting in an extra field (body is the raw JSON text)": {"body"},
    "invalid UTF-8: the same JSON encoded in GBK (bytes in body_base64)": {"body"},
    "empty request body (zero bytes)": {"body"},
    "top level is a JSON array holding one valid submission": {"body"},
    "NaN (not JSON) as content (body is the raw text)": {"body"},
    "integer overflow in reported_at and a negative number as source_ref": {"reported_at", "source_ref"},
}


@pytest.mark.parametrize("line", lines("bad_submissions.jsonl"), ids=lambda line: line["why"][:50])
def test_every_hostile_submission_gets_its_answer(line: dict[str, Any]) -> None:
    if line["expect"] == "rejected":
        with pytest.raises(Refused) as refused:
            read(sent(line))
        assert {fault.field for fault in refused.value.faults} == FAULTY_FIELDS[line["why"]]
    else:
        submission = read(sent(line))
        assert submission.petitioner.name
        if "must be normalised to " in line["why"] or "giving " in line["why"]:
            assert submission.petitioner.phone == line["why"].rstrip(")").split()[-1]


def test_every_sample_complaint_is_read_as_it_was_written() -> None:
    for line in lines("complaints.jsonl"):
        body = line["submission"]
        submission = check(body, body["source"])

        assert submission.content == body["content"]
        assert submission.petitioner.name == body["petitioner"]["name"]
        assert submission.petitioner.phone == body["petitioner"]["phone"]
        assert submission.reported_at == datetime.fromisoformat(body["reported_at"])


def test_a_submission_is_read_whole() -> None:
    body = {
        **GOOD,
        "petitioner": {
            "kind": "organisation",
            "name": " 沈丘县颍滨建材有限公司 ",
            "contact_person": "耿志鹏",
            "phone": "5000101",
            "other_contact": "微信 gzp",
            "profile": {"size": "小型", "ownership": "民营", "capital": None, "unknown": 1},
        },
        "reported_at": "2026-11-12T02:20:00.5Z",
        "remarks": "第一行\r\n第二行",
        "attachments": [{"id": "a1", "name": "证明.jpg", "size": 3}],
        "service_item": "变更登记",
        "confidential": True,
        "about": "sq/scjg",
        "extensions": {"wechat": {"openid": "oX"}},
        "status": "zeroed",
    }

    submission = check(body)

    assert submission.petitioner.kind is Kind.ORGANISATION
    assert submission.petitioner.name == "沈丘县颍滨建材有限公司"
    assert submission.petitioner.phone == "0394-5000101"
    assert submission.petitioner.profile.size == "小型"
    assert submission.petitioner.profile.capital is None
    assert submission.reported_at.isoformat() == "2026-11-12T10:20:00.500000+08:00"
    assert submission.category is Category.COMPLAINT
    assert submission.remarks == "第一行\n第二行"
    assert [attachment.name for attachment in submission.attachments] == ["证明.jpg"]
    assert (submission.service_item, submission.confidential, submission.about) == ("变更登记", True, "sq/scjg")
    assert submission.extensions == {"wechat": {"openid": "oX"}}


def test_every_fault_is_named_at_once() -> None:
    assert faults_of({}) == {
        "source": "required",
        "source_ref": "required",
        "center": "required",
        "reported_at": "required",
        "petitioner": "required",
        "category": "required",
        "content": "required",
    }


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("source", "wechat", "unknown"),
        ("source_ref", True, "type"),
        ("source_ref", "x" * 101, "too-long"),
        ("source_ref", "a\tb", "control-character"),
        ("center", "SQ", "unknown"),
        ("reported_at", "2026-11-12 10:20:00+08:00", "format"),
        ("reported_at", "2026-11-12T10:20:00", "format"),
        ("reported_at", "2026-02-30T10:20:00+08:00", "format"),
        ("reported_at", "2026-11-12T10:20:00+25:00", "format"),
        ("reported_at", "0001-01-01T00:00:00+23:59", "too-early"),
        ("reported_at", "9999-12-31T23:59:59-23:59", "future"),
        ("reported_at", (NOW + timedelta(minutes=5, seconds=1)).isoformat(), "future"),
        ("reported_at", "2019-12-31T23:59:59+08:00", "too-early"),
        ("reported_at", 1_763_000_000, "type"),
        ("petitioner.kind", "robot", "unknown"),
        ("petitioner.name", "长" * 101, "too-long"),
        ("petitioner.name", "张\n三", "control-character"),
        ("petitioner.phone", "12345", "format"),
        ("petitioner.address", "长" * 301, "too-long"),
        ("petitioner.address", ["沈丘"], "type"),
        ("petitioner.profile", "小型", "type"),
        ("petitioner.profile.size", 3, "type"),
        ("content", "长" * 5_001, "too-long"),
        ("content", "长\u0085长", "control-character"),
        ("content", "长\ud83d长", "control-character"),
        ("content", "\u200b \u3164\ufe0f\u2800", "required"),
        ("remarks", "长" * 1_001, "too-long"),
        ("confidential", "true", "type"),
        ("confidential", 1, "type"),
        ("attachments", {"id": "a"}, "type"),
        ("attachments", [{"id": str(n), "name": "n"} for n in range(6)], "too-many"),
        ("attachments", [{"id": "a", "name": "n"}] * 2, "repeated"),
        ("extensions", [], "type"),
        ("extensions", {"n": 10**40}, "type"),
        ("extensions", {"n": 1e20}, "type"),
        ("extensions", {"n": float("nan")}, "type"),
        ("extensions", {"n": "a\0b"}, "type"),
        ("extensions", {1: "a"}, "type"),
        ("extensions", {"a": [[[[[[[[1]]]]]]]]}, "type"),
        ("extensions", {"a": "长" * 3_000}, "too-long"),
    ],
)
def test_a_fault_is_named_by_its_field(path: str, value: object, code: str) -> None:
    assert faults_of(given_as(path, value)) == {path: code}


@pytest.mark.parametrize("offset", ["+08:60", "+08:99", "-00:61", "+24:00", "+0800", "+8:00"])
def test_an_offset_that_is_no_time_of_day_is_no_time(offset: str) -> None:
    assert faults_of(given_as("reported_at", f"2026-11-12T10:20:00{offset}")) == {"reported_at": "format"}


@pytest.mark.parametrize("digits", [400, 5_000])
def test_an_enormous_number_is_a_fault_of_its_field_and_ignored_in_an_unknown_one(digits: int) -> None:
    number = "9" * digits
    ignored = json.dumps(given_as("level", "@")).replace('"@"', number)
    assert read(ignored.encode()).extensions == {}
    for path in ("source_ref", "extensions"):
        with pytest.raises(Refused) as refused:
            read(json.dumps(given_as(path, "@")).replace('"@"', number).encode())
        assert [(fault.field, fault.code) for fault in refused.value.faults] == [(path, "type")]


def test_faults_within_an_attachment_are_named_by_its_place() -> None:
    attachments = [{"id": "a", "name": "n"}, {"id": 7}, "c"]

    assert faults_of(given_as("attachments", attachments)) == {
        "attachments.1.id": "type",
        "attachments.1.name": "required",
        "attachments.2": "type",
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("content", "您好"),
        ("content", "长" * 5_000),
        ("content", "一\n\t二"),
        ("source_ref", "x" * 100),
        ("reported_at", (NOW + timedelta(minutes=5)).isoformat()),
        ("reported_at", "2020-01-01T00:00:00+08:00"),
        ("reported_at", "2026-11-12t02:20:00z"),
        ("petitioner.profile", None),
        ("attachments", None),
        ("extensions", None),
        ("confidential", None),
    ],
)
def test_what_is_just_within_the_rules_is_read(path: str, value: object) -> None:
    assert check(given_as(path, value))


def test_an_organisation_names_a_contact_person_and_an_individual_need_not() -> None:
    assert faults_of(given_as("petitioner.kind", "organisation")) == {"petitioner.contact_person": "required"}
    assert check(GOOD).petitioner.contact_person is None


def test_only_the_window_takes_another_way_of_contact_instead_of_a_phone() -> None:
    body = {**GOOD, "petitioner": {"kind": "individual", "name": "张三", "other_contact": "村委会转告"}}

    assert faults_of(body) == {"petitioner.phone": "required"}
    submission = check({**body, "source": "window"})
    assert submission.petitioner.phone is None
    assert submission.petitioner.other_contact == "村委会转告"
    body["petitioner"]["other_contact"] = "　"
    assert faults_of({**body, "source": "window"}) == {"petitioner.phone": "required"}


def test_the_sender_need_not_say_who_it_is_but_may_not_say_otherwise() -> None:
    unsaid = {name: value for name, value in GOOD.items() if name != "source"}

    assert check(unsaid, "hotline-12345").source == "hotline-12345"
    assert check(GOOD, "web").source == "web"
    assert faults_of(GOOD, "hotline-12345") == {"source": "not-yours"}


def test_a_sender_that_is_known_need_not_be_one_of_the_four() -> None:
    assert check({**GOOD, "source": "mini-program"}, "mini-program").source == "mini-program"


def test_a_refusal_repeats_the_reference_it_could_read_for_the_feedback() -> None:
    with pytest.raises(Refused) as refused:
        check({"source_ref": " WB-1 "})
    assert refused.value.source_ref == "WB-1"

    with pytest.raises(Refused) as refused:
        check({"source_ref": 7})
    assert refused.value.source_ref is None


def test_a_refusal_is_a_422_with_sentences_in_chinese() -> None:
    with pytest.raises(Refused) as refused:
        check({})

    assert refused.value.status == 422
    assert "7处" in refused.value.message
    assert {error.field: error.message for error in refused.value.errors}["content"] == "请填写诉求主要内容。"


def test_a_submission_that_is_too_long_as_a_whole_is_refused_even_where_every_field_fits() -> None:
    raw = json.dumps({**GOOD, "unknown": "x" * 65_536}).encode()

    with pytest.raises(Refused) as refused:
        read(raw)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("body", "too-long")]
    assert refused.value.source_ref == "WB-1"


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read(b"\xef\xbb\xbf" + json.dumps(GOOD).encode()) == check(GOOD)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xff\xfe{\x00}\x00", "not-utf8"),
        (b"{", "not-json"),
        (b'{"a": "\\ud83d", "b": NaN}', "not-json"),
        (b'{"a": "\\ud83d", "b": ' + b"[" * 30_000 + b"]" * 30_000 + b"}", "not-json"),
        (b"[" * 2_000 + b"]" * 2_000, "not-json"),
        (b'"text"', "not-object"),
        (b" " * (1 << 20) + b"{}", "too-long"),
    ],
)
def test_what_is_no_submission_at_all_is_a_fault_of_the_body(raw: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(raw)

    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("body", code)]


ANY_TEXT = st.text(st.characters(codec=None), max_size=30)  # surrogates too
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
FIELDS = [*GOOD, "remarks", "attachments", "extensions", "service_item", "confidential", "about"] + [
    f"petitioner.{name}" for name in ("kind", "name", "contact_person", "phone", "other_contact", "address", "profile")
]


@settings(max_examples=200, deadline=None)
@given(path=st.sampled_from(FIELDS), value=ANY_JSON)
def test_whatever_stands_in_a_field_is_read_clean_or_refused_by_its_name(path: str, value: object) -> None:
    body = given_as(path, value)
    faults = faults_if_any(body)
    assert all(field.startswith(path) for field in faults)
    if not faults:
        submission = check(body)
        for text in (submission.source_ref, submission.content, submission.petitioner.name):
            assert text == text.strip()
            assert not re.search("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]", text)


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=60) | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_bytes_are_sent_nothing_but_a_refusal_is_raised(raw: bytes) -> None:
    with pytest.raises(Refused):
        read(raw)
