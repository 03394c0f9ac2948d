"""How a center's calendar is put together, and what a notice or a local day would make of it (Art. 8, mechanism §5)."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import orjson

from shared.refusals import FieldFault, Invalid, NotPossible
from shared.workdays import Calendar, DayFact, Half, Notice, NoticeRefused, Override, parse_notice, standing

AHEAD = timedelta(days=800)
"""How far ahead a local day may lie; beyond that it is a slip of the pen."""
HALVES = {None: "全天", Half.MORNING: "上午", Half.AFTERNOON: "下午"}


@dataclass(frozen=True)
class Change:
    """A day as it counts now, and as it would count."""

    was: DayFact
    now: DayFact


@dataclass(frozen=True)
class Preview:
    """What a notice says and would change; `digest` stands for all of it, what holds now included."""

    notice: Notice
    named: tuple[Change, ...]
    """Every day it names."""
    changes: tuple[Change, ...]
    """Every day that would begin or cease to count, named or not."""
    settled: int
    """How many days would no longer be provisional."""
    replaces: tuple[str, ...]
    """The titles of notices it takes the place of altogether."""
    digest: str


def preview(text: str, loaded: Sequence[Notice]) -> Preview:
    """Read a notice beside those loaded so far. Refused with every contradiction, or when it is loaded already."""
    before = Calendar(notices=tuple(loaded))
    try:
        notice = parse_notice(text, before)
    except NoticeRefused as refused:
        faults = [FieldFault("text", said) for said in refused.contradictions]
        raise Invalid("notice-contradicts", "这份通知自相矛盾或者读不懂，没有载入；请对照原文核对。", faults) from None
    in_force = standing(loaded)
    if any((other.title, other.days) == (notice.title, notice.days) for other in in_force):
        raise NotPossible("already-loaded", "这份通知已经载入，不需要再载入。")
    after = Calendar(notices=(*loaded, notice))
    days = list(_around(notice))
    changes = tuple(Change(before.day(day), after.day(day)) for day in days)
    stands = standing((*loaded, notice))
    replaced = tuple(each.title for each in in_force if each not in stands)
    return Preview(
        notice,
        tuple(Change(before.day(day), after.day(day)) for day in notice.days),
        tuple(change for change in changes if change.was.counts != change.now.counts),
        sum(change.was.provisional and not change.now.provisional for change in changes),
        replaced,
        _digest(notice, loaded),
    )


def must_be_as_seen(seen: Preview, digest: str) -> None:
    """Refuse to confirm anything but what was shown."""
    if seen.digest != digest:
        sentence = "预览之后通知文字或日历又有变动；请重新预览，核对后再确认。"
        raise NotPossible("stale-preview", sentence)


def must_be_withdrawable(number: int, standing: Sequence[tuple[int, Notice]], today: date) -> None:
    """Refuse to take back what later notices amend, or what limits have been counted by: days that are past.

    `standing` are the notices loaded and not withdrawn, each with its number.
    """
    gone = dict(standing)[number]
    for later, other in standing:
        if later > number and other.amends and other.year == gone.year:
            raise NotPossible("amended-since", f"后载入的《{other.title}》是在它的基础上调整的，请先撤回那一份。")
    before = Calendar(notices=tuple(notice for _, notice in standing))
    after = Calendar(notices=tuple(notice for each, notice in standing if each != number))
    past = (day for day in _around(gone) if day < today)
    if counted := [day for day in past if before.day(day).counts != after.day(day).counts]:
        raise NotPossible(
            "day-is-past",
            f"其中{counted[0]:%Y年%m月%d日}等{len(counted)}天已经过去，期限已按它计算，不能撤回；请载入调整的通知予以更正。",
        )


def assembled(kept: Calendar, notices: Sequence[Notice], overrides: Sequence[Override]) -> Calendar:
    """A center's calendar: its own hours, what holds in the country, and its local days."""
    return replace(kept, notices=tuple(notices), overrides=tuple(overrides))


def local_faults(new: Override, calendar: Calendar, others: Collection[Override], today: date) -> Iterator[FieldFault]:
    """What is wrong with a local day: past, too far ahead, already decided, or no change at all."""
    if new.day < today:
        yield FieldFault("day", "这一天已经过去，当天的期限和催办督办已按原日历执行，不能再改。")
    elif new.day > today + AHEAD:
        yield FieldFault("day", "这一天太远，请核对年份。")
    for other in others:
        if other.day == new.day and set(other.halves) & set(new.halves):
            yield FieldFault("day", f"当天{HALVES[other.half]}已有安排（{other.why}），请先撤销再重新设定。")
    base = calendar.national(new.day)
    if base.counts == new.worked and not base.provisional:
        yield FieldFault("worked", f"当天本来就{'上班' if new.worked else '不上班'}（{base.why}），不需要设定。")


def _around(notice: Notice) -> Iterator[date]:
    """The days a notice may touch: its year, the last days before and the first after it."""
    day = date(notice.year - 1, 12, 1)
    while day <= date(notice.year + 1, 1, 31):
        yield day
        day += timedelta(days=1)


def _digest(notice: Notice, loaded: Sequence[Notice]) -> str:
    told = [each.to_facts() for each in (*loaded, notice)]
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()
