"""What figures are made of: facts counted in groups, and rates that always say of how many."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from services.intake.domain.counted import Counted


class By(StrEnum):
    """By what figures can be split. The last four, of organisations, for the equality report alone (Art. 2)."""

    CENTER = "center"
    DEPARTMENT = "department"
    CHANNEL = "channel"
    CATEGORY = "category"
    PETITIONER = "petitioner"
    SIZE = "size"
    OWNERSHIP = "ownership"
    CAPITAL = "capital"
    STAGE = "stage"


@dataclass(frozen=True)
class Tally:
    """So many facts of one kind that say the same; their office and whole time summed, in seconds."""

    counted: Counted
    key: str | None = None
    detail: str | None = None
    yes: bool | None = None
    also: bool = False
    in_time: int = 0
    n: int = 0
    working: int = 0
    elapsed: int = 0


@dataclass(frozen=True)
class Taken:
    """So many that took exactly so many seconds of office time."""

    key: str | None
    working: int
    n: int


@dataclass(frozen=True)
class Rate:
    """How many, of how many; in percent to one decimal, None of none."""

    hits: int
    sample: int
    percent: float | None

    @classmethod
    def of(cls, hits: int, sample: int) -> Self:
        """The rate of these."""
        return cls(hits, sample, round(100 * hits / sample, 1) if sample else None)


class Tallies:
    """Tallies, to be counted. `also`: facts that are counted for another department too (a center counts them once)."""

    def __init__(self, tallies: Iterable[Tally], *, also: bool = False) -> None:
        self._tallies = [tally for tally in tallies if also or not tally.also]

    def by_key(self) -> dict[str | None, "Tallies"]:
        """The same, split by what they were grouped by."""
        split: dict[str | None, list[Tally]] = {}
        for tally in self._tallies:
            split.setdefault(tally.key, []).append(tally)
        return {key: Tallies(split[key], also=True) for key in sorted(split, key=lambda key: key or "")}

    def n(self, counted: Counted, fits: Callable[[Tally], bool] = lambda _: True) -> int:
        """How many facts of a kind."""
        return sum(tally.n for tally in self._tallies if tally.counted is counted and fits(tally))

    def in_time(self, counted: Counted) -> Rate:
        """How many of those due were done in time."""
        return Rate.of(self.n(counted, lambda tally: bool(tally.in_time)), self.n(counted))

    def details(self, counted: Counted) -> dict[str, int]:
        """How many of a kind, by detail."""
        found: dict[str, int] = {}
        for tally in self._tallies:
            if tally.counted is counted and tally.detail is not None:
                found[tally.detail] = found.get(tally.detail, 0) + tally.n
        return dict(sorted(found.items()))

    def time(self, counted: Counted, detail: str | None = None) -> tuple[int, int]:
        """The office and the whole time of a kind, in seconds; of one detail, or of all."""
        those = [t for t in self._tallies if t.counted is counted and (detail is None or t.detail == detail)]
        return sum(tally.working for tally in those), sum(tally.elapsed for tally in those)


def median_of(taken: Iterable[Taken]) -> int | None:
    """The median of office time in seconds (the lower of the two in the middle); None of none."""
    values = sorted((each.working, each.n) for each in taken)
    half, passed = (sum(n for _, n in values) + 1) // 2, 0
    for working, n in values:
        passed += n
        if passed >= half:
            return working
    return None
