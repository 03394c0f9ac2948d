"""The quarterly summary, drafted (mechanism §9, 总结推广): figures, practice and cases, for an editor to finish."""

from dataclasses import dataclass

from services.intake.domain.monthly import Month
from services.intake.domain.tally import Rate

TO_WRITE = "（请补充本季度的典型做法：组织推进、部门协同、制度改进等。）"


@dataclass(frozen=True)
class PublishedCase:
    """A guidance case published in the quarter (Art. 11), and the complaint it was drawn from."""

    title: str
    number: str


@dataclass(frozen=True)
class Quarter:
    """The draft: the figures, sentences that say them, what an editor has to write, and the cases."""

    title: str
    figures: Month
    before: Month
    sentences: list[str]
    practice: str
    cases: list[PublishedCase]


def quarter(title: str, figures: Month, before: Month, cases: list[PublishedCase]) -> Quarter:
    """The draft these figures make; the same figures make the same draft."""
    return Quarter(title, figures, before, sentences(figures, before, "本季度", "上季度"), TO_WRITE, cases)


def sentences(now: Month, before: Month, this: str, last: str) -> list[str]:
    """What two spans of time say of each other; `this` and `last` are what they are called."""
    rungs = now.rungs
    came = f"{this}共受理诉求{now.registered}件（{last}{before.registered}件），分办{now.dispatched}件"
    ended = f"办结{now.closed}件，其中清零销号{now.zeroed}件"
    climbed = f"催办{rungs.urged}次，督办{rungs.supervised}次，通报{rungs.reported}次"
    again = f"质检退回{now.returned}次，诉求人要求重办{now.redone + now.reopened}次，准予延期{now.extended}次"
    return [f"{came}；{ended}。", f"{this}{_said(now)}；{last}{_said(before)}。", f"{climbed}；{again}。"]


def _said(month: Month) -> str:
    rates = month.rates
    named = {
        "响应率": rates.response, "按时率": rates.on_time, "解决率": rates.solution, "满意率": rates.satisfaction,
    }  # fmt: skip
    return "，".join(f"{name}{_percent(rate)}" for name, rate in named.items())


def _percent(rate: Rate) -> str:
    return f"{rate.percent}%（{rate.hits}/{rate.sample}）" if rate.percent is not None else "无（0件）"
