"""A report with figures as data: sections of sentences, tables and bar charts. Pure; whoever counts fills it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


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
    """What it states: whose it is, of which period, and when it was drawn up."""

    office: str
    title: str
    period: str
    dated: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()

    def values(self) -> Mapping[str, Any]:
        """What the layout is given."""
        return asdict(self)
