"""An order's file, as the door of dispatch shows it."""

from datetime import datetime
from typing import Any

from shared.workdays import CHINA

Order = dict[str, Any]


def has(order: Order, mark: str) -> bool:
    """Whether this was written into the order."""
    texts = [each["text"] for each in (*order["replies"], *order["steps"])]
    return any(text and mark in text for text in texts)


def rung_given(order: Order, leg: int, rung: str) -> datetime | None:
    """When a rung was really given, if it was."""
    for each in order["rungs"]:
        if (each["leg"], each["rung"], each["by_hand"]) == (leg, rung, False):
            return datetime.fromisoformat(each["at"]).astimezone(CHINA)
    return None
