"""The State Council's holiday notice: what it names, whatever its words (Art. 8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")


@dataclass(frozen=True)
class DayKind:
    """What a notice makes of a day: off, or worked to make up for one; and for which festival."""

    worked: bool
    festival: str

    @property
    def why(self) -> str:
        """In a few words for the trace, as 春节放假."""
        return f"{self.festival}{'调休上班' if self.worked else '放假'}"


@dataclass(frozen=True)
class Notice:
    """A notice as read: the days it names, and whether it amends another (then its year is not known by it alone)."""

    year: int
    title: str
    days: Mapping[date, DayKind] = field(hash=False)
    amends: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", dict(sorted(self.days.items())))

    @property
    def name(self) -> str:
        """Its title in short, as 2027年部分节假日安排的通知."""
        return self.title.removeprefix("国务院办公厅").removeprefix("国务院").removeprefix("关于")

    @property
    def missing(self) -> tuple[str, ...]:
        """The yearly festivals a whole notice does not name: a paste cut short, to be shown before confirming."""
        named = "".join({kind.festival for kind in self.days.values()})
        return () if self.amends else tuple(name for name in FESTIVALS if name.removesuffix("节") not in named)

    def to_facts(self) -> dict[str, Any]:
        """The notice as JSON-ready facts."""
        days = [[f"{day}", kind.worked, kind.festival] for day, kind in self.days.items()]
        return {"year": self.year, "title": self.title, "amends": self.amends, "days": days}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """The notice that `to_facts` told. Raises KeyError, TypeError or ValueError for anything else."""
        days = {date.fromisoformat(day): DayKind(worked, festival) for day, worked, festival in facts["days"]}
        return cls(facts["year"], facts["title"], days, facts["amends"])


class NoticeRefused(ValueError):
    """A notice that contradicts itself or cannot be read; every contradiction is named, in Chinese."""

    def __init__(self, contradictions: Iterable[str]) -> None:
        self.contradictions = list(contradictions)
        super().__init__(self.contradictions)

    def __str__(self) -> str:
        return "\n".join(self.contradictions)
