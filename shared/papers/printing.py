"""Handing a paper out: the one place where anything is printed, and where it is told that it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources.abc import Traversable
from typing import Any
from urllib.parse import quote

from fastapi import Response

from shared.logs import log
from shared.papers.kinds import KINDS, ZIP, Format, Kind
from shared.papers.layouts import Layout
from shared.papers.pdf import pdf
from shared.papers.word import word, zipped
from shared.security.roles import Actor

_log = log("papers")


@dataclass(frozen=True)
class Form:
    """How a kind of paper is laid out: by typst, and by the Word template that is shipped."""

    layout: Traversable
    shipped: Traversable
    sample: Mapping[str, Any]
    """A value for every name a template may use."""
    meanings: Mapping[str, str]
    """What each of these names stands for, as the office says it."""
    required: tuple[str, ...]
    """Those without which a template is none of this kind."""


@dataclass(frozen=True)
class Sheets:
    """What is to be printed: papers of one kind, each on pages of its own."""

    kind: Kind
    layout: Layout
    papers: tuple[Mapping[str, Any], ...]
    dated: datetime
    """Stands in the file's properties."""
    templates: tuple[bytes, ...] = ()
    """The Word template of each of them, where this kind has any."""
    subjects: tuple[str, ...] = ()
    """The complaints or cases they are about."""
    name: str = ""
    """What tells the file from others of its kind, such as a number."""
    mark: str | None = None
    """The watermark of a list that is taken out of the house; papers that are issued have none."""


async def handed_out(sheets: Sheets, form: Format, actor: Actor) -> Response:
    """The file, and a line in the log that says who printed what.

    What offices print with Word templates of their own is a file for each template, in one archive.
    """
    name = f"{KINDS[sheets.kind].name}{sheets.name}"
    media_type, ending = form.media_type, str(form)
    if form is Format.PDF:
        content = await drawn(sheets)
    else:
        filled = [await word(template, papers, sheets.dated) for template, papers in _by_template(sheets).items()]
        content = filled[0]
        if len(filled) > 1:
            media_type, ending = ZIP, "zip"
            content = zipped({f"{name}（{place}）.{form}": each for place, each in enumerate(filled, start=1)})
    _log.info("printed", kind=sheets.kind, form=form, subjects=sheets.subjects, by=actor.id)
    return file(content, media_type, f"{name}.{ending}")


def _by_template(sheets: Sheets) -> Mapping[bytes, list[Mapping[str, Any]]]:
    """The papers that each template is filled with, in their order."""
    found: dict[bytes, list[Mapping[str, Any]]] = {}
    for template, paper in zip(sheets.templates, sheets.papers, strict=True):
        found.setdefault(template, []).append(paper)
    return found


async def drawn(sheets: Sheets) -> bytes:
    """The same as PDF; the same sheets are the same bytes, and their watermark is a part of them."""
    marked = {"mark": sheets.mark} if sheets.mark else {}
    return await pdf(sheets.layout, {"papers": sheets.papers, **marked}, sheets.dated)


def file(content: bytes, media_type: str, name: str) -> Response:
    """A file to be kept under this name."""
    return Response(content, media_type=media_type, headers=kept_as(name, len(content)))


def kept_as(name: str, size: int) -> dict[str, str]:
    """The headers of a file that is to be kept under this name."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Content-Length": f"{size}"}
