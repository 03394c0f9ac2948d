"""Pages: the one place that renders them. Templates escape all they are given; a page loads nothing from elsewhere."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.web import flash
from shared.web.forms import EMPTY
from shared.web.frame import frame
from shared.workdays import CHINA

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
"""What every process serves under /static."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
}
_WEEKDAYS = "一二三四五六日"
FILTERS: dict[str, Callable[[Any], str]] = {
    "moment": lambda at: f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}",
    "day": lambda at: f"{at.year}年{at.month}月{at.day}日 星期{_WEEKDAYS[at.weekday()]}",
    "anchor": lambda name: "f-" + re.sub(r"[^A-Za-z0-9-]", "-", name),
}
"""What templates can do with a value: an instant, a date, a field's name as an id."""


class Pages:
    """A service's templates, which extend `base.html`: `pages = Pages(Path(__file__).parent / "templates")`."""

    def __init__(self, folder: Path) -> None:
        self._environment = Environment(
            loader=FileSystemLoader([folder, _HERE / "templates"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= FILTERS

    async def show(
        self, request: Request, template: str, status: int = 200, *, tab: str = "", **shown: Any
    ) -> HTMLResponse:
        """A page in its frame; `tab` is the key of the tab it belongs to. A form that was typed is shown as `form`."""
        around = await frame(request)
        page = self._rendered(template, status, {"form": EMPTY, "tab": tab, **around, **shown})
        if around["told"]:
            flash.forget(page)
        return page

    def fragment(self, template: str, **shown: Any) -> HTMLResponse:
        """A part of a page, without a frame."""
        return self._rendered(template, 200, shown)

    def _rendered(self, template: str, status: int, shown: Mapping[str, Any]) -> HTMLResponse:
        return HTMLResponse(self._environment.get_template(template).render(shown), status, headers=HEADERS)


SHARED = Pages(_HERE / "templates")
"""The pages that every service has."""


def counts(waiting: Mapping[str, int]) -> HTMLResponse:
    """What a service's `/fragments/counts` answers: how many wait behind each of its tabs, by the tab's key."""
    return SHARED.fragment("counts.html", waiting=waiting)
