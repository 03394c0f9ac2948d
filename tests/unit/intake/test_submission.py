"""Registering (mechanism §2): every channel's submission is read strictly, and refused with every fault named."""

import base64
import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.fields import Refused
from services.intake.domain.submission import Category, Kind
from tests.support.submissions import ANY_JSON, GOOD, check, faults_of, lines, read


def sent(line: dict[str, Any]) -> bytes:
    if "body_base64" in line:
        return base64.b64decode(line["body_base64"])
    body = line["body"]
    return body.encode() if isinstance(body, str) else json.dumps(body, ensure_ascii=False).encode()


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


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=60) | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_bytes_are_sent_nothing_but_a_refusal_is_raised(raw: bytes) -> None:
    with pytest.raises(Refused):
        read(raw)
