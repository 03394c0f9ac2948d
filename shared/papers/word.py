"""Word by docxtpl: a template filled with text, in a sandbox, and packed so that the same paper is the same bytes."""

import asyncio
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import jinja2
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from shared.workdays import CHINA

_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can tell."""
_WHOLE = re.compile(r"<w:p[ >].*?</w:p>", re.DOTALL)
_INDENTED = re.compile("<w:ind [^>]*w:firstLine")
_TEXT = re.compile(r"<w:t[ >].*?</w:t>", re.DOTALL)
_A_PARAGRAPH = "\a"
"""What docxtpl makes a paragraph of its own of, with the properties of the one it stands in."""
_READABLE = 0o644
"""What may be done with a file once it is unpacked."""


class _Sandbox(SandboxedEnvironment):
    """Of a value only its fields can be had, of a loop where it stands: nothing that Python knows of them."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`each.label`, `loop.last`."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return (
            super().getattr(obj, attribute) if isinstance(obj, LoopContext) else self.undefined(obj=obj, name=attribute)
        )


def sandbox() -> SandboxedEnvironment:
    """Where templates are filled: what a value holds is text, and a name that means nothing is an error."""
    environment = _Sandbox(autoescape=True, undefined=StrictUndefined)
    environment.globals.clear()
    return environment


class Template(DocxTemplate):  # type: ignore[misc]
    """docxtpl, less its own escapes: `{_{` in a complaint stays what was written. It makes XML, or raises."""

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        """One part, filled."""
        return self.resolved(jinja_env.from_string(src_xml), context)

    def resolved(self, compiled: jinja2.Template, context: Mapping[str, Any]) -> str:
        """A compiled part, filled; newlines and tabs are Word's, and a line of what is indented begins indented."""
        lines = _WHOLE.sub(_in_paragraphs, compiled.render(context))
        xml = str(self.resolve_listing(lines))
        etree.fromstring(xml)  # docxtpl would go on with what can be made of it
        return xml


def _in_paragraphs(found: re.Match[str]) -> str:
    if "\n" not in found[0] or not _INDENTED.search(found[0]):
        return found[0]
    return _TEXT.sub(lambda text: text[0].replace("\n", _A_PARAGRAPH), found[0])


async def word(template: bytes, papers: Sequence[Mapping[str, Any]], dated: datetime) -> bytes:
    """The template, filled once for each of these papers, which follow each other on pages of their own."""
    return await asyncio.to_thread(filled, template, papers, dated)


def filled(template: bytes, papers: Sequence[Mapping[str, Any]], dated: datetime) -> bytes:
    """The same, at once. Headers and footers are those of the first paper. Raises what jinja raises."""
    first, *others = papers
    filler, environment = Template(BytesIO(template)), sandbox()
    filler.init_docx()
    body = environment.from_string(filler.patch_xml(filler.get_xml()))
    filler.render(dict(first), environment, autoescape=True)
    document = filler.docx
    end = document.element.body[-1]
    for paper in others:
        tree = filler.fix_tables(filler.resolved(body, paper))
        for each in _on_a_new_page([each for each in tree if each.tag != _SECTION]):
            end.addprevious(each)
    properties = document.core_properties
    properties.created = properties.modified = dated.astimezone(CHINA).replace(tzinfo=None)
    properties.author = properties.last_modified_by = ""
    properties.revision = 1
    file = BytesIO()
    document.save(file)
    return packed(file.getvalue())


def zipped(files: Mapping[str, bytes]) -> bytes:
    """These files in one archive, by their names; the same files are the same bytes."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as new:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.external_attr = _READABLE << 16
            new.writestr(entry, content)
    return archive.getvalue()


def packed(package: bytes) -> bytes:
    """The same package with its parts in one order and no time of packing."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(name, _BEGINNING), old.read(name), zipfile.ZIP_DEFLATED)
    return file.getvalue()


_SECTION, _PARAGRAPH = qn("w:sectPr"), qn("w:p")
_BEFORE_A_BREAK = tuple(map(qn, ("w:pStyle", "w:keepNext", "w:keepLines")))


def _on_a_new_page(elements: Sequence[Any]) -> list[Any]:
    """These, the first of which begins a page; where that is no paragraph, an empty one before it does."""
    first, *rest = elements
    if first.tag != _PARAGRAPH:
        first, rest = etree.Element(_PARAGRAPH), [*elements]
    properties = first.find(qn("w:pPr"))
    if properties is None:
        properties = etree.Element(qn("w:pPr"))
        first.insert(0, properties)
    before = [each for each in properties if each.tag in _BEFORE_A_BREAK]
    properties.insert(len(before), etree.Element(qn("w:pageBreakBefore")))
    return [first, *rest]
