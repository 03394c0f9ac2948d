"""The submission every channel hands over (mechanism §2), read strictly and refused with every fault named.

Whatever is sent, reading it gives a `Submission` or raises `Refused`, and nothing else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import orjson

from services.intake.domain.body import MOST_BYTES, TOO_LONG, decoded, is_plain, refuse_body
from services.intake.domain.fields import Fault, Fields, Refused
from services.intake.domain.phone import normalised_phone
from shared.events.partners import unwrapped
from shared.workdays import CHINA

MOST_ATTACHMENTS = 5
MOST_EXTENSION_BYTES = 8 * 1024
MOST_EXTENSION_DEPTH = 8
EARLIEST = datetime(2020, 1, 1, tzinfo=CHINA)
GRACE = timedelta(minutes=5)
WINDOW = "window"
SOURCES = (WINDOW, "hotline-12345", "governance-center", "web")

_NO_MOMENT = (
    "没有这个诉求反映时间，请核对，写成 2026-11-12 10:20 的样子；系统对接的，写法如 2026-11-12T10:20:00+08:00。"
)
_NO_ZONE = "诉求反映时间要写全、带时区，写法如 2026-11-12T10:20:00+08:00，请照此填写。"
_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-5][0-9])"
)


class Category(StrEnum):
    """诉求反映类别: 投诉, 意见, 建议, 疑问, 疑难事项, 复杂问题."""

    COMPLAINT = "complaint"
    OPINION = "opinion"
    SUGGESTION = "suggestion"
    QUESTION = "question"
    DIFFICULTY = "difficulty"
    COMPLEX = "complex"


class Kind(StrEnum):
    """Who complains: one person, or an organisation."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organisation"


@dataclass(frozen=True)
class Profile:
    """What an organisation may state about itself, for the equality report only (Art. 2)."""

    size: str | None = None
    ownership: str | None = None
    capital: str | None = None
    stage: str | None = None


@dataclass(frozen=True)
class Petitioner:
    """诉求人. The phone is normalised; it is missing only at the window, and then there is another way of contact."""

    kind: Kind
    name: str
    phone: str | None
    contact_person: str | None = None
    other_contact: str | None = None
    address: str | None = None
    profile: Profile = Profile()


@dataclass(frozen=True)
class Attachment:
    """A file uploaded before, by its id."""

    id: str
    name: str


@dataclass(frozen=True)
class Submission:
    """A complaint as it came in, cleaned and whole."""

    source: str
    source_ref: str
    center: str
    reported_at: datetime
    """In Asia/Shanghai."""
    petitioner: Petitioner
    category: Category
    content: str
    remarks: str | None = None
    attachments: tuple[Attachment, ...] = ()
    service_item: str | None = None
    confidential: bool = False
    about: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


def read_submission(raw: bytes, *, source: str | None, centers: Mapping[str, str], now: datetime) -> Submission:
    """The submission these bytes hold, as `check_submission` reads it; a fault of the whole is one of `body`."""
    value = unwrapped(decoded(raw))
    fits = len(raw) <= MOST_BYTES
    try:
        submission = check_submission(value, source=source, centers=centers, now=now)
    except Refused as refused:
        if fits:
            raise
        raise Refused([TOO_LONG, *refused.faults], refused.source_ref) from None
    if not fits:
        raise Refused([TOO_LONG], submission.source_ref)
    return submission


def check_submission(value: object, *, source: str | None, centers: Mapping[str, str], now: datetime) -> Submission:
    """The submission this decoded JSON is; raises `Refused` with every fault.

    `source` is the authenticated sender, if there is one: it need not be repeated, but may not be contradicted.
    `centers` are the known centers and their area codes.
    """
    if not isinstance(value, dict):
        refuse_body("not-object", "每件诉求应当是一个 JSON 对象，请一次提交一件。")
    faults: list[Fault] = []
    fields = Fields(value, faults)
    sender = _source(fields, source)
    source_ref = fields.text("source_ref", "渠道编号", 100)
    center = _center(fields, centers)
    reported_at = _reported_at(fields, now)
    petitioner = _petitioner(fields, sender, centers.get(center, ""))
    category = fields.one_of("category", "诉求反映类别", tuple(Category))
    content = fields.text("content", "诉求主要内容", 5_000, least=2, lines=True)
    remarks = fields.maybe_text("remarks", "备注", 1_000, lines=True)
    attachments = _attachments(fields, faults)
    service_item = fields.maybe_text("service_item", "政务服务事项", 200)
    confidential = fields.flag("confidential", "是否对被诉部门保密")
    about = fields.maybe_text("about", "被诉部门或人员", 100)
    extensions = _extensions(fields)
    if faults or petitioner is None:
        raise Refused(faults, None if fields.refused("source_ref") else source_ref)
    return Submission(
        source=sender,
        source_ref=source_ref,
        center=center,
        reported_at=reported_at,
        petitioner=petitioner,
        category=Category(category),
        content=content,
        remarks=remarks,
        attachments=attachments,
        service_item=service_item,
        confidential=confidential,
        about=about,
        extensions=extensions,
    )


def _source(fields: Fields, sender: str | None) -> str:
    if sender is None:
        return fields.one_of("source", "来源渠道", SOURCES)
    stated = fields.maybe_text("source", "来源渠道", 100)
    if stated not in (None, sender):
        fields.refuse("source", "not-yours", f"来源渠道与提交者的身份不符，请改为 {sender} 或不填。")
    return sender


def _center(fields: Fields, centers: Mapping[str, str]) -> str:
    center = fields.text("center", "受理中心", 100)
    if center and center not in centers:
        fields.refuse("center", "unknown", "没有这个受理中心，请核对中心代码。")
    return center


def _reported_at(fields: Fields, now: datetime) -> datetime:
    text = fields.text("reported_at", "诉求反映时间", 40)
    if not text:
        return now
    try:
        reported_at = datetime.fromisoformat(text.upper()) if ":" in text else None
    except ValueError:
        reported_at = None
    if reported_at is None:
        fields.refuse("reported_at", "format", _NO_MOMENT)
    elif not _RFC3339.fullmatch(text):
        fields.refuse("reported_at", "format", _NO_ZONE)
    elif reported_at > now + GRACE:
        fields.refuse("reported_at", "future", "诉求反映时间晚于现在，请核对日期和时区。")
    elif reported_at < EARLIEST:
        fields.refuse("reported_at", "too-early", "诉求反映时间早于2020年，请核对日期。")
    else:
        return reported_at.astimezone(CHINA)
    return now


def _petitioner(outer: Fields, source: str, area_code: str) -> Petitioner | None:
    fields = outer.part("petitioner", "诉求人")
    if fields is None:
        if not outer.refused("petitioner"):
            outer.refuse("petitioner", "required", "请填写诉求人：姓名或单位名称、联系电话。")
        return None
    kind = fields.one_of("kind", "诉求人类型", tuple(Kind))
    name = fields.text("name", "姓名或单位名称", 100)
    contact_person = fields.maybe_text("contact_person", "单位联系人", 100)
    if kind == Kind.ORGANISATION and contact_person is None and not fields.refused("contact_person"):
        fields.refuse("contact_person", "required", "单位反映的诉求，请填写单位联系人。")
    other_contact = fields.maybe_text("other_contact", "其他联系方式", 100)
    phone = _phone(fields, area_code, must=source != WINDOW or not (other_contact or fields.refused("other_contact")))
    address = fields.maybe_text("address", "联系地址", 300)
    profile = _profile(fields)
    return Petitioner(Kind(kind), name, phone, contact_person, other_contact, address, profile) if kind else None


def _phone(fields: Fields, area_code: str, *, must: bool) -> str | None:
    text = fields.maybe_text("phone", "联系电话", 40)
    phone = normalised_phone(text, area_code) if text else None
    if text and phone is None:
        fields.refuse("phone", "format", "联系电话不对，请填11位手机号，或区号加号码，如 0394-5XXXXXX。")
    if must and text is None and not fields.refused("phone"):
        fields.refuse("phone", "required", "请填写联系电话：11位手机号，或区号加号码，如 0394-5XXXXXX。")
    return phone


def _profile(outer: Fields) -> Profile:
    fields = outer.part("profile", "单位情况")
    if fields is None:
        return Profile()
    return Profile(
        size=fields.maybe_text("size", "单位规模", 100),
        ownership=fields.maybe_text("ownership", "所有制", 100),
        capital=fields.maybe_text("capital", "资本来源", 100),
        stage=fields.maybe_text("stage", "投资阶段", 100),
    )


def _attachments(fields: Fields, faults: list[Fault]) -> tuple[Attachment, ...]:
    value = fields.value("attachments")
    if value is None:
        return ()
    if not isinstance(value, list):
        fields.refuse("attachments", "type", "附件应当是一个列表，请逐件列出编号和名称。")
        return ()
    if len(value) > MOST_ATTACHMENTS:
        fields.refuse("attachments", "too-many", f"附件最多{MOST_ATTACHMENTS}件，请减少。")
        return ()
    attachments = []
    for place, item in enumerate(value):
        if isinstance(item, dict):
            each = Fields(item, faults, f"attachments.{place}")
            attachments.append(Attachment(each.text("id", "附件编号", 100), each.text("name", "附件名称", 200)))
        else:
            fields.refuse(f"attachments.{place}", "type", "每件附件应当有编号和名称，请先上传再填写。")
    ids = [attachment.id for attachment in attachments if attachment.id]
    if len(set(ids)) < len(ids):
        fields.refuse("attachments", "repeated", "同一个附件出现了两次，请只列一次。")
    return tuple(attachments)


def _extensions(fields: Fields) -> Mapping[str, object]:
    value = fields.value("extensions")
    if value is None:
        return {}
    if not isinstance(value, dict):
        fields.refuse("extensions", "type", "扩展信息应当是一个对象，请逐项提交。")
    elif not is_plain(value, MOST_EXTENSION_DEPTH):
        fields.refuse(
            "extensions", "type", f"扩展信息层级最多{MOST_EXTENSION_DEPTH}层，且不能有控制字符或过大的数，请精简。"
        )
    elif len(orjson.dumps(value)) > MOST_EXTENSION_BYTES:
        fields.refuse("extensions", "too-long", f"扩展信息最多{MOST_EXTENSION_BYTES // 1024}kB，请精简。")
    else:
        return value
    return {}
