"""Hours as a form has them, in lines that people write: `08:30-12:00 14:30-17:30`, `05-01`, `2027年6月1日`."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.refusals import FieldFault, Invalid
from shared.web.forms import Form
from shared.web.messages import INVALID, faults_of
from shared.workdays import Season
from shared.workdays.hours import LEAP_YEAR, Spans

B = TypeVar("B", bound=BaseModel)
T = TypeVar("T")

MOST_SEASONS = 20
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至到]+\s*(\d{1,2})[:：](\d{2})")
_BETWEEN = re.compile(r"[\s,，、;；]*")
_DAY = re.compile(r"(?:(\d{4})[-年/.])?(\d{1,2})[-月/.](\d{1,2})日?")
_LIKE_SPANS = "请写作“08:30-12:00 14:30-17:30”的样子，各段之间用空格隔开。"
_LIKE_DAY = "请写作“05-01”（每年）或“2027-05-01”（只这一年）的样子。"


class HoursTyped:
    """What was typed into a form of hours; every fault is told at once, at the line it is in."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._faults: list[FieldFault] = []
        self._places: list[int] = []
        """Where in the form each season stands; a line left blank is none."""
        usual = self.spans("usual")
        self.hours = {"usual": usual, "seasons": [season for n in range(MOST_SEASONS) if (season := self._season(n))]}

    def spans(self, field: str) -> list[list[str]]:
        """The stretches of a line; none when it is blank."""
        text = self._form.text(field).strip()
        if _BETWEEN.fullmatch(_SPAN.sub("", text)) is None:
            self._faults.append(FieldFault(field, _LIKE_SPANS))
            return []
        found = []
        for begin_hour, begin, end_hour, end in _SPAN.findall(text):
            if int(begin_hour) > 23 or int(end_hour) > 23 or int(begin) > 59 or int(end) > 59:
                self._faults.append(FieldFault(field, "时间应在00:00到23:59之间。"))
                return []
            found.append([f"{int(begin_hour):02}:{begin}", f"{int(end_hour):02}:{end}"])
        return found

    def read(self, body: type[B], given: Mapping[str, Any]) -> B:
        """The JSON door's body that this is. Raises `Invalid`."""
        try:
            reason = self._form.text("reason").strip()
            read = body.model_validate({**given, **({"reason": reason} if reason else {})})
        except ValidationError as error:
            self._faults += [FieldFault(self._at(each.field), each.message) for each in faults_of(error.errors())]
        if self._faults:
            raise Invalid("invalid", INVALID, self._faults)
        return read

    def made(self, make: Callable[[], T]) -> T:
        """What the door makes of that; what it refuses is told at the lines of this form."""
        try:
            return make()
        except Invalid as refused:
            faults = [FieldFault(self._at(each.field), each.message) for each in refused.errors]
            raise Invalid(refused.code, refused.message, faults) from None

    def _season(self, n: int) -> dict[str, Any] | None:
        typed = {name: self._form.text(f"seasons.{n}.{name}").strip() for name in ("name", "from", "to", "spans")}
        if not any(typed.values()):
            return None
        self._places.append(n)
        first, last = (self._day(f"seasons.{n}.{name}", typed[name]) for name in ("from", "to"))
        spans = self.spans(f"seasons.{n}.spans")
        return {"from": first, "to": last, "spans": spans} | ({"name": typed["name"]} if typed["name"] else {})

    def _day(self, field: str, text: str) -> str:
        found = _DAY.fullmatch(text)
        if found is None:
            self._faults.append(FieldFault(field, _LIKE_DAY))
            return "01-01"
        year, month, day = found.groups()
        return f"{year + '-' if year else ''}{int(month):02}-{int(day):02}"

    def _at(self, field: str) -> str:
        """The line of this form that a fault of the body is about."""
        field = field.removeprefix("workdays.")
        head, _, rest = field.partition(".")
        if head != "seasons" or not rest:
            return field
        place, _, name = rest.partition(".")
        return f"seasons.{self._places[int(place)]}.{name or 'name'}"


def spans_shown(spans: Spans) -> str:
    """Stretches as such a line says them."""
    return " ".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in spans)


def days_shown(season: Season) -> tuple[str, str]:
    """The first and the last day of a season, as such a form says them."""
    last_day = season.last_day or monthrange(season.year or LEAP_YEAR, season.last_month)[1]
    first, last = f"{season.first_month:02}-{season.first_day:02}", f"{season.last_month:02}-{last_day:02}"
    if season.year is None:
        return first, last
    return f"{season.year}-{first}", f"{season.year + (last < first)}-{last}"
