"""`yousu due`: a due date that explains itself day by day (Art. 8)."""

from datetime import datetime
from typing import Any

from deploy.county import load_county
from shared.workdays import CHINA, Calendar

_MOST_DAYS = 366
_COMMON = Calendar()


def due(received: str, working_days: int, center: str = "sq", calendar: Calendar = _COMMON) -> dict[str, Any]:
    """The line that `yousu due` prints: due_at, provisional, trace.

    `received` without a zone is Shanghai time; 0 working days is a same-day limit. `calendar` is the center's own; the
    default has the county's hours and the country's days. Raises ValueError with a sentence for the person typing.
    """
    if center not in (known := [each.code for each in load_county().centers]):
        raise ValueError(f"没有代码为“{center}”的中心；本县的中心有：{'、'.join(known)}。")
    if not 0 <= working_days <= _MOST_DAYS:
        raise ValueError(f"工作日数{working_days}不对：应在0到{_MOST_DAYS}之间。")
    found = calendar.due_after(_received_at(received), working_days)
    return {
        "due_at": found.due_at.isoformat(),
        "provisional": found.provisional,
        "trace": [{"date": f"{fact.date}", "counts": fact.counts, "why": fact.why} for fact in found.trace],
    }


def _received_at(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
        at = at.astimezone(CHINA) if at.tzinfo else at.replace(tzinfo=CHINA)
    except (ValueError, OverflowError):
        raise ValueError(f"收到时间“{text}”读不懂：请写成 2026-09-28T10:00 这样。") from None
    if not 2004 <= at.year <= 2099:
        raise ValueError(f"收到时间“{text}”太远：年份应在2004到2099之间。")
    return at
