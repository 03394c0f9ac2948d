"""What dispatch owns: the complaint as it was told, its order, and everything that was done to it."""

from services.dispatch.tables.asked import Decline, Extension, Withdrawal
from services.dispatch.tables.base import Base
from services.dispatch.tables.complaint import Complaint, Petitioner
from services.dispatch.tables.enclosure import Enclosure
from services.dispatch.tables.order import Assignment, FiredRung, Leg, Order
from services.dispatch.tables.oversight import Clue, Inspection
from services.dispatch.tables.record import Check, Conclusion, FollowUp, HandNotice, Reply, Step, Study

__all__ = [
    "Assignment",
    "Base",
    "Check",
    "Clue",
    "Complaint",
    "Conclusion",
    "Decline",
    "Enclosure",
    "Extension",
    "FiredRung",
    "FollowUp",
    "HandNotice",
    "Inspection",
    "Leg",
    "Order",
    "Petitioner",
    "Reply",
    "Step",
    "Study",
    "Withdrawal",
]
