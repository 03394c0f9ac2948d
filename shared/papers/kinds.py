"""The kinds of papers, what each is called, and the word by which its number says which it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a paper is."""

    WORK_ORDER = "work-order"
    LEDGER = "ledger"
    SUPERVISION = "supervision"
    CIRCULAR = "circular"
    REPORT = "report"
    COPY = "copy"
    REFERRAL = "referral"
    REASONS = "reasons"
    EXTENSION = "extension"
    CASE = "case"
    MONTHLY = "monthly"


@dataclass(frozen=True)
class Named:
    """`name` as people say it, and `mark`, which stands in the number: 沈政`督办`〔2026〕3号."""

    name: str
    mark: str = ""


KINDS: Mapping[Kind, Named] = {
    Kind.WORK_ORDER: Named("“有诉即办”问题工作单"),
    Kind.LEDGER: Named("“有诉即办”问题工作台账"),
    Kind.SUPERVISION: Named("督办通知", "督办"),
    Kind.CIRCULAR: Named("通报", "通报"),
    Kind.REPORT: Named("报告", "报"),
    Kind.COPY: Named("抄送函", "抄函"),
    Kind.REFERRAL: Named("函转函", "转函"),
    Kind.REASONS: Named("办不了告知书", "告知"),
    Kind.EXTENSION: Named("延期告知书", "延告"),
    Kind.CASE: Named("指导案例", "例"),
    Kind.MONTHLY: Named("月度分析报告", "月报"),
}
"""Those without a mark have no number of their own."""


class Format(StrEnum):
    """In which form a paper is handed out."""

    PDF = "pdf"
    WORD = "docx"

    @property
    def media_type(self) -> str:
        """As HTTP names it."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.PDF: "application/pdf",
    Format.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


ZIP = "application/zip"
"""As HTTP names an archive of several files."""


def on_paper(*formats: Format, also: str | None = None) -> dict[int | str, dict[str, Any]]:
    """What a door that hands out a paper tells of its answer: the `responses` of its route; `also`: a further type."""
    as_file = {"schema": {"type": "string", "format": "binary"}}
    types = [each.media_type for each in formats or Format] + ([also] if also else [])
    return {200: {"content": dict.fromkeys(types, as_file)}}
