"""A report with figures as data: sections of sentences, tables and bar charts. Pure; whoever counts fills it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from shared.papers.letter import day


@dataclass(frozen=True)
class Bar:
    """One bar: how long it is, and what stands at its end (`12件`, `98.5%`)."""

    label: str
    value: float
    shown: str


@dataclass(frozen=True)
class Chart:
    """Bars on one scale, which begins at nought and ends at `full`, or at the longest bar."""

    caption: str
    bars: tuple[Bar, ...]
    full: float | None = None


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first column is what a row is about."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it: sentences first, then charts, then tables."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Report:
    """What it states: whose it is, of which period, and when it was drawn up.

    `number` is the one it was issued under; before that, why it has none.
    """

    office: str
    title: str
    period: str
    dated: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    number: str = ""
    signer: str = ""

    def issued(self, number: str, at: datetime, signer: str) -> Self:
        """The same with its number, date and signature."""
        return replace(self, number=number, dated=day(at), signer=signer)

    def values(self) -> Mapping[str, Any]:
        """What the layout is given."""
        return asdict(self)

    def kept(self) -> dict[str, Any]:
        """As it is kept with what was issued: the layout is given just that."""
        return asdict(self)
