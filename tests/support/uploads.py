"""Files that people hand over in tests: sound ones, and ones that are not what they seem."""

from __future__ import annotations

import io
import zipfile
import zlib

from PIL import Image

WORD = "word/document.xml"
EXCEL = "xl/workbook.xml"


def office(*names: str) -> bytes:
    """A package as Word and Excel make them, with these parts."""
    return package(dict.fromkeys(names, "<x/>"))


def package(parts: dict[str, str | bytes]) -> bytes:
    """A package with these parts, by their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"[Content_Types].xml": "<Types/>", **parts}.items():
            archive.writestr(name, text)
    return file.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (8, 6), **saved: object) -> bytes:
    """A picture of one colour, but for a corner."""
    made = Image.new("RGB", size, "white")
    made.putpixel((0, 0), (200, 0, 0))
    file = io.BytesIO()
    made.save(file, form, **saved)
    return file.getvalue()


def photo() -> bytes:
    """A photo lying on its side, whose camera wrote down where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[2] = (33.0, 24.0, 0.0)
    return picture("JPEG", (8, 6), exif=exif)


def pdf(*objects: bytes) -> bytes:
    """A PDF's bytes with these objects; enough of one to be looked through."""
    numbered = [b"%d 0 obj\n%s\nendobj\n" % (place, each) for place, each in enumerate(objects, 1)]
    return b"%PDF-1.7\n" + b"".join(numbered) + b"trailer <</Root 1 0 R>>\n%%EOF\n"


def packed(inside: bytes, about: bytes = b"/Filter /FlateDecode") -> bytes:
    """An object into which others are packed."""
    data = zlib.compress(inside)
    return b"<</Type /ObjStm /N 1 /First 4 %s /Length %d>>\nstream\n%s\nendstream" % (about, len(data), data)
