"""The equality report (Art. 2): whether anybody is treated better than others, by who complains, how and where.

What an organisation states of itself is read here and nowhere else. A measure of a group with fewer than `SMALL` cases
is not told, neither its value nor its sample: it would say something of single petitioners, and nothing of treatment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from services.intake.domain.counted import Counted
from services.intake.domain.rates import Rates
from services.intake.domain.tally import By, Rate, Taken, Tallies, median_of

SMALL = 5
ACROSS = (By.PETITIONER, By.CHANNEL, By.CENTER, By.SIZE, By.OWNERSHIP, By.CAPITAL, By.STAGE)


@dataclass(frozen=True)
class Median:
    """Handling time of those that ended in the period: the median in seconds of office time, and of how many."""

    seconds: int
    sample: int


@dataclass(frozen=True)
class Group:
    """How one group was treated; None: too few to say."""

    code: str
    name: str
    handling: Median | None
    overdue: Rate | None
    """Legs without an answer that stands by their due date, of those whose due date came in the period (Art. 9)."""
    satisfaction: Rate | None
    """As everywhere (Art. 10)."""

    @classmethod
    def of(cls, code: str, name: str, tallies: Tallies, taken: Iterable[Taken]) -> Self:
        """The group these facts make."""
        those = list(taken)
        sample, median, rates = sum(each.n for each in those), median_of(those), Rates.of(tallies)
        late = Rate.of(rates.on_time.sample - rates.on_time.hits, rates.on_time.sample)
        return cls(
            code,
            name,
            Median(median, sample) if median is not None and sample >= SMALL else None,
            _unless_small(late),
            _unless_small(rates.satisfaction),
        )


def _unless_small(rate: Rate) -> Rate | None:
    return rate if rate.sample >= SMALL else None


def groups(tallies: Tallies, taken: Iterable[Taken], names: dict[str, str], unstated: str) -> list[Group]:
    """The groups these facts fall into, by code; `unstated` names those that have none."""
    times: dict[str | None, list[Taken]] = {}
    for each in taken:
        times.setdefault(each.key, []).append(each)
    counted = {
        key: group for key, group in tallies.by_key().items()
        if any(group.n(kind) for kind in (Counted.CLOSED, Counted.DUE, Counted.FOLLOWED_UP))
    }  # fmt: skip
    return [
        Group.of(key or "", names.get(key or "", key or unstated), group, times.get(key, ()))
        for key, group in counted.items()
    ]
