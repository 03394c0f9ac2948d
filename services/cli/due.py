"""`yousu due`: a due date that explains itself day by day (Art. 8)."""

import re
from datetime import datetime
from typing import Any

from shared.workdays import CHINA, Calendar

_MOST_DAYS = 366
_COMMON = Calendar()


def due(received: str, working_days: int, center: str = "sq", calendar: Calendar = _COMMON) -> dict[str, Any]:
    """The line that `yousu due` prints: due_at, provisional, trace.

    `received` without a zone is Shanghai time; 0 working days is a same-day limit. `calendar` is the center's own; the
    default has the county's hours and the country's days. Raises ValueError with a sentence for the person typing.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]*", center):
        raise ValueError(f"中心代码“{center}”不对：应是小写字母、数字和连字符，如 sq 或 sq-huaidian。")
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
