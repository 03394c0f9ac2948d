"""A letter, notice or circular as data: what every layout and template of this kind is given. Pure."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self


class Style(StrEnum):
    """How it is laid out (GB/T 9704)."""

    FILE = "file"
    """文件格式: 红头, number and red rule."""
    LETTER = "letter"
    """信函格式: the office in red, red double rules."""
    NOTICE = "notice"
    """To a petitioner: title, number, text."""


class Petitioner(StrEnum):
    """Where the petitioner stands on it; put in when it is printed, and kept beside it, sealed."""

    NOWHERE = ""
    ADDRESSED = "addressed"
    PARTICULARS = "particulars"


@dataclass(frozen=True)
class Person:
    """Who complains, as whoever prints may have it."""

    name: str
    contact_person: str
    phone: str
    address: str


@dataclass(frozen=True)
class Particular:
    """A labelled line."""

    label: str
    words: str


@dataclass(frozen=True)
class Letter:
    """What it states. A draft has neither number nor date nor signer."""

    style: Style
    office: str
    """发文机关."""
    title: str
    paragraphs: tuple[str, ...]
    to: str = ""
    """主送机关."""
    particulars: tuple[Particular, ...] = ()
    closing: str = ""
    enclosure: str = ""
    """附件: what goes with it, by its name."""
    contact: str = ""
    copies: str = ""
    """抄送机关."""
    upward: bool = False
    """To a superior: says who signed it in its head."""
    petitioner: Petitioner = Petitioner.NOWHERE
    number: str = ""
    dated: str = ""
    signer: str = ""

    @property
    def head(self) -> str:
        """The words in red."""
        return f"{self.office}文件" if self.style is Style.FILE else self.office

    def issued(self, number: str, at: datetime, signer: str) -> Self:
        """The same with its number, date and signature."""
        return replace(self, number=number, dated=day(at), signer=signer)

    def about(self, person: Person | None) -> Self:
        """The same with the petitioner in place; None: one who is not to be shown."""
        if self.petitioner is Petitioner.ADDRESSED:
            return replace(self, to=person.name if person else "诉求人")
        if self.petitioner is Petitioner.PARTICULARS:
            named = (
                ("诉求人", person.name if person else "（不予显示）"),
                ("联系人", person.contact_person if person else ""),
                ("联系电话", person.phone if person else ""),
                ("联系地址", person.address if person else ""),
            )
            lines = tuple(Particular(label, words) for label, words in named if words)
            return replace(self, particulars=(*lines, *self.particulars))
        return self

    def values(self) -> dict[str, Any]:
        """What a layout or template is given: these names."""
        return {**asdict(self), "head": self.head}

    def kept(self) -> dict[str, Any]:
        """As it is kept with what was issued."""
        return asdict(self)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """As it was kept."""
        given = {
            **kept,
            "style": Style(kept["style"]),
            "petitioner": Petitioner(kept["petitioner"]),
            "paragraphs": tuple(kept["paragraphs"]),
            "particulars": tuple(Particular(**each) for each in kept["particulars"]),
        }
        return cls(**given)


def day(on: date) -> str:
    """`2026年11月26日`."""
    return f"{on.year}年{on.month}月{on.day}日"


def minute(at: datetime) -> str:
    """`2026年11月26日17时30分`."""
    return f"{day(at)}{at.hour}时{at.minute:02}分"
