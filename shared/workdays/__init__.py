"""Working days and working time of a center, explained day by day (Art. 8). Pure: no I/O, no clock."""

from .calendar import Calendar
from .hours import CHINA, SUMMER, OfficeHours, Season, ServiceHours, spans_from_facts
from .layers import DayFact, Due, Half, Override, standing
from .notice import FESTIVALS, DayKind, Notice, NoticeRefused
from .reading import parse_notice
from .statutory import statutory_holidays

__all__ = [
    "CHINA",
    "FESTIVALS",
    "SUMMER",
    "Calendar",
    "DayFact",
    "DayKind",
    "Due",
    "Half",
    "Notice",
    "NoticeRefused",
    "OfficeHours",
    "Override",
    "Season",
    "ServiceHours",
    "parse_notice",
    "spans_from_facts",
    "standing",
    "statutory_holidays",
]
