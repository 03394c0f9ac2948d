"""Where a center is found and whom it meets: window, zone and coordination room, liaisons (mechanism §9, §11)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum

from shared.refusals import FieldFault


class PlaceKind(StrEnum):
    """What a center must have, and may have (Art. 4)."""

    WINDOW = "window"
    """“有诉即办”窗口, merged with the complaints desk there was."""
    ZONE = "zone"
    """“有诉即办”专区, where there is room for one."""
    ROOM = "room"
    """“有诉即办”协调室."""


def place_faults(
    kind: PlaceKind, staff: Sequence[str], opened_on: date, merged_from: str | None, known: Collection[str], today: date
) -> Iterator[FieldFault]:
    """What is wrong with a place: people who do not work at its center, a day to come, a desk merged with no window."""
    for n, username in enumerate(staff):
        if username not in known:
            yield FieldFault(f"staff.{n}", f"本中心没有在岗人员“{username}”，请核对。")
    if opened_on > today:
        yield FieldFault("opened_on", "启用日期还没有到，请在启用后登记。")
    if merged_from and kind is not PlaceKind.WINDOW:
        yield FieldFault("merged_from", "只有窗口与原投诉窗口合并设置，专区和协调室不填。")


def meeting_faults(
    liaisons: Sequence[str], held_at: datetime, known: Collection[str], now: datetime
) -> Iterator[FieldFault]:
    """What is wrong with a meeting: one yet to be held, or with somebody who is no liaison of the center."""
    for n, key in enumerate(liaisons):
        if key not in known:
            yield FieldFault(f"liaisons.{n}", f"本中心没有联络员“{key}”，请先登记联络员。")
    if held_at > now:
        yield FieldFault("held_at", "会议时间晚于现在，请在会后登记。")
