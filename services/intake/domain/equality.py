"""The equality report (Art. 2): whether anybody is treated better than others, by who complains, how and where.

What an organisation states of itself is read here and nowhere else. Of how many a measure is, is always told (mechanism
§11); its value only of `SMALL` cases or more: of fewer it would tell of single petitioners, and nothing of treatment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from services.intake.domain.counted import Counted
from services.intake.domain.rates import Rates
from services.intake.domain.tally import By, Rate, Taken, Tallies, median_of

SMALL = 5
KINDS = (Counted.CLOSED, Counted.DUE, Counted.FOLLOWED_UP)
"""All that it counts."""
ACROSS = (By.PETITIONER, By.CHANNEL, By.CENTER, By.SIZE, By.OWNERSHIP, By.CAPITAL, By.STAGE)


@dataclass(frozen=True)
class Median:
    """Handling time of those that ended in the period: the median in seconds of office time, None of too few."""

    seconds: int | None
    sample: int


@dataclass(frozen=True)
class Share:
    """A rate that tells of too few nothing but how many."""

    hits: int | None
    sample: int
    percent: float | None

    @classmethod
    def of(cls, rate: Rate) -> Self:
        """What is told of this rate."""
        if rate.sample < SMALL:
            return cls(None, rate.sample, None)
        return cls(rate.hits, rate.sample, rate.percent)


@dataclass(frozen=True)
class Group:
    """How one group was treated, with the sample of each measure."""

    code: str
    name: str
    handling: Median
    overdue: Share
    """Legs without an answer that stands by their due date, of those whose due date came in the period (Art. 9)."""
    satisfaction: Share
    """As everywhere (Art. 10)."""

    @classmethod
    def of(cls, code: str, name: str, tallies: Tallies, taken: Iterable[Taken]) -> Self:
        """The group these facts make."""
        those = list(taken)
        sample, rates = sum(each.n for each in those), Rates.of(tallies)
        late = Rate.of(rates.on_time.sample - rates.on_time.hits, rates.on_time.sample)
        handling = Median(median_of(those) if sample >= SMALL else None, sample)
        return cls(code, name, handling, Share.of(late), Share.of(rates.satisfaction))


def groups(tallies: Tallies, taken: Iterable[Taken], names: dict[str, str], unstated: str) -> list[Group]:
    """The groups these facts fall into, by code; `unstated` names those that have none."""
    times: dict[str | None, list[Taken]] = {}
    for each in taken:
        times.setdefault(each.key, []).append(each)
    counted = {
        key: group for key, group in tallies.by_key().items()
        if any(group.n(kind) for kind in KINDS)
    }  # fmt: skip
    return [
        Group.of(key or "", names.get(key or "", key or unstated), group, times.get(key, ()))
        for key, group in counted.items()
    ]
