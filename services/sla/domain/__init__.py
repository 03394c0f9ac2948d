"""The rules of sla: limits, clocks and ladders (Art. 8, 9), and the office's own limits."""

from services.sla.domain.clock import Clock, Early, Explained, State, ahead, explain, next_rung
from services.sla.domain.digest import Digest, Rhythm
from services.sla.domain.inner import DEFAULTS, InnerLimit, Mark, Running, Span, Spans
from services.sla.domain.limit import Counted, Limit, later, must_be_ahead, must_be_answerable
from services.sla.domain.order import Order

__all__ = [
    "DEFAULTS",
    "Clock",
    "Counted",
    "Digest",
    "Early",
    "Explained",
    "InnerLimit",
    "Limit",
    "Mark",
    "Order",
    "Rhythm",
    "Running",
    "Span",
    "Spans",
    "State",
    "ahead",
    "explain",
    "later",
    "must_be_ahead",
    "must_be_answerable",
    "next_rung",
]
