"""What each field of a submission may hold (mechanism §2), and by which name and code it is refused."""

import json
import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.fields import Refused
from tests.support.submissions import ANY_JSON, GOOD, NOW, check, faults_of, given_as, read


def faults_if_any(value: object) -> dict[str, str]:
    try:
        check(value)
    except Refused as refused:
        return {fault.field: fault.code for fault in refused.faults}
    return {}


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
