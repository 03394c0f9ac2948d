"""The watermark: whatever somebody is called, it says who that is, and when."""

from shared.security.roles import Actor, Role
from shared.security.watermark import mark_of, mark_sheet
from tests.support.alone import at


class Sheet:
    """What an Excel sheet is told."""

    def set_header(self, text: str) -> None:
        self.head = text

    def set_footer(self, text: str) -> None:
        self.foot = text


def test_a_long_name_is_shortened_and_username_and_time_never() -> None:
    sheet = Sheet()
    mark_sheet(sheet, mark_of(Actor("u" * 80, "&" * 200, Role.CLERK, "sq"), at("09-28 10:05")))
    told = f"（{'u' * 80}） 2026-09-28 10:05"
    assert told in sheet.head
    assert told in sheet.foot
    assert max(len(sheet.head), len(sheet.foot)) <= 255
