"""Pages: the one place that renders them. Templates escape all they are given; a page loads nothing from elsewhere."""

from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.workdays import CHINA

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
"""What every process serves under /static."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_WEEKDAYS = "一二三四五六日"


class Pages:
    """Renders a service's templates, which extend `base.html`: `pages = Pages(Path(__file__).parent / "templates")`."""

    def __init__(self, folder: Path) -> None:
        self._environment = Environment(
            loader=FileSystemLoader([folder, _HERE / "templates"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "moment": lambda at: f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}",
            "day": lambda at: f"{at.year}年{at.month}月{at.day}日 星期{_WEEKDAYS[at.weekday()]}",
        }

    def render(self, template: str, status: int = 200, **shown: Any) -> HTMLResponse:
        """The page."""
        return HTMLResponse(self._environment.get_template(template).render(shown), status, headers=_HEADERS)
