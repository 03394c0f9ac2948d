"""What a Word document is made of, as far as papers need it: paragraphs, tables, and the package around them."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

BODY, TITLE, BLACK = "仿宋_GB2312", "方正小标宋简体", "黑体"
RED = "FF0000"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


@dataclass(frozen=True)
class Margins:
    """Of an A4 page, in millimetres. GB/T 9704 leaves a type area of 156 × 225."""

    top: float = 37
    right: float = 26
    bottom: float = 35
    left: float = 28


def twips(millimetres: float) -> int:
    """Twentieths of a point, Word's measure."""
    return round(millimetres * 1440 / 25.4)


def run(words: str, *, font: str = BODY, points: float = 16, color: str = "", bold: bool = False) -> str:
    """Words in one face; a line break where `\\n` stands."""
    face = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}" w:hint="eastAsia"/>'
    look = ("<w:b/>" if bold else "") + (f'<w:color w:val="{color}"/>' if color else "")
    half = round(points * 2)
    properties = f'<w:rPr>{face}{look}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
    text = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in words.split("\n"))
    return f"<w:r>{properties}{text}</w:r>"


TAB = "<w:r><w:tab/></w:r>"
"""On to the next tab stop."""


def field(code: str, points: float) -> str:
    """A field that Word fills in: the page's number."""
    half = round(points * 2)
    return f'<w:fldSimple w:instr=" {code} "><w:r><w:rPr><w:sz w:val="{half}"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'


def paragraph(
    *runs: str,
    align: str = "both",
    indent: int = 0,
    right: int = 0,
    points: float = 16,
    line: float = 0,
    before: float = 0,
    after: float = 0,
    rule: str = "",
    lines: tuple[float, float] = (0, 0),
    stop: float = 0,
    keep: bool = False,
) -> str:
    """A paragraph; `indent` of its first line and `right` in hundredths of a character of so many points.

    `lines`: how thick one above and one below it are, in points; `stop`: a tab stop so many millimetres away, to whose
    left the rest is set. With `keep` the next one begins on the page where this one ends.
    """
    drawn = [
        f'<w:{side} w:val="single" w:sz="{round(thick * 8)}" w:space="1" w:color="auto"/>'
        for side, thick in zip(("top", "bottom"), lines, strict=True)
        if thick
    ]
    drawn += [f'<w:bottom w:val="single" w:sz="18" w:space="4" w:color="{rule}"/>'] if rule else []
    borders = f"<w:pBdr>{''.join(drawn)}</w:pBdr>" if drawn else ""
    borders += f'<w:tabs><w:tab w:val="right" w:pos="{twips(stop)}"/></w:tabs>' if stop else ""
    pitch = f' w:line="{round(line * 20)}" w:lineRule="exact"' if line else ""
    spacing = f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"{pitch}/>'
    character = points * 20 / 100  # for readers that do not count in characters
    indents = f' w:firstLineChars="{indent}" w:firstLine="{round(indent * character)}"' if indent else ""
    indents += f' w:rightChars="{right}" w:right="{round(right * character)}"' if right else ""
    kept = "<w:keepNext/>" if keep else ""
    return (
        f'<w:p><w:pPr>{kept}{borders}{spacing}{f"<w:ind{indents}/>" if indents else ""}<w:jc w:val="{align}"/></w:pPr>'
        f"{''.join(runs)}</w:p>"
    )


def control(tag: str) -> str:
    """A paragraph that only tells the template what to do: `{%p for … %}`; nothing of it is printed."""
    return paragraph(run(tag))


def cell(width: float, content: str, *, span: int = 1, middle: bool = True) -> str:
    """A cell of so many millimetres."""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    place = '<w:vAlign w:val="center"/>' if middle else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/>{spanned}{place}</w:tcPr>{content}</w:tc>'


def row(*cells: str, height: float = 0) -> str:
    """A row at least so many millimetres high, which may go on over the page."""
    least = f'<w:trPr><w:trHeight w:val="{twips(height)}" w:hRule="atLeast"/></w:trPr>' if height else ""
    return f"<w:tr>{least}{''.join(cells)}</w:tr>"


def table(widths: Sequence[float], *rows: str) -> str:
    """A ruled table; grid and cells both say how wide they are, for the readers that look at one only."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in sides)
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(map(twips, widths))}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def document(title: str, *blocks: str, margins: Margins = Margins(), footer: str) -> bytes:
    """The whole package."""
    sides = {side: twips(getattr(margins, side)) for side in ("top", "right", "bottom", "left")}
    page = "".join(f' w:{side}="{value}"' for side, value in sides.items())
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
        f'<w:pgMar{page} w:header="850" w:footer="1417" w:gutter="0"/></w:sectPr>'
    )
    space = f'xmlns:w="{_W}" xmlns:r="{_R}"'
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(("officeDocument", "word/document.xml"), ("core", "docProps/core.xml")),
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
            "<dc:language>zh-CN</dc:language></cp:coreProperties>"
        ),
        "word/_rels/document.xml.rels": _relations(("styles", "styles.xml"), ("footer", "footer1.xml")),
        "word/document.xml": f"<w:document {space}><w:body>{''.join(blocks)}{section}</w:body></w:document>",
        "word/footer1.xml": f"<w:ftr {space}>{footer}</w:ftr>",
        "word/styles.xml": (
            f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>'
            f'<w:rFonts w:ascii="{BODY}" w:hAnsi="{BODY}" w:eastAsia="{BODY}" w:cs="{BODY}"/>'
            '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
            "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
            '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style></w:styles>'
        ),
    }
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, xml in parts.items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), _XML + xml, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _content_types() -> str:
    named = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/footer1.xml": f"{_WORD}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in named.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{core if kind == "core" else f"{_R}/{kind}"}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
