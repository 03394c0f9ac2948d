"""What is inside a document that could run, reach out or burst: a sentence that says why it is refused, or none."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from shared.files.kinds import ARCHIVE

MOST_INSIDE = 100 * 1024 * 1024
MOST_PARTS = 2_000
MOST_READ = 16 * 1024 * 1024

BURSTS = "解压后过大"
RUNS = "带有宏、脚本或嵌入的程序"
LINKS = "引用了外部的模板或对象"
UNREADABLE = "已加密或损坏，无法检查"

_ACTIVE_PARTS = ("vbaproject", "vbadata", "activex", "macrosheets/", "dialogsheets/", "oleobject", "embeddings/")
_ACTIVE_TYPES = re.compile(rb"macroenabled|macrosheet|vbaproject|activex|oleobject", re.IGNORECASE)
_REACHES_OUT = re.compile(
    rb"<[^>]*(?:attachedTemplate|oleObject|/frame|subDocument|externalLinkPath)[^>]*TargetMode\s*=\s*[\"']External"
    rb"|<[^>]*TargetMode\s*=\s*[\"']External[^>]*(?:attachedTemplate|oleObject|/frame|subDocument|externalLinkPath)",
    re.IGNORECASE,
)
_RUNS_A_FIELD = re.compile(rb"\bDDE(?:AUTO)?\s|<(?:\w+:)?ddeLink\b|<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_SPREAD = re.compile(rb"<(?:\w+:)?instrText\b[^>]*>([^<]*)", re.IGNORECASE)
"""A piece of a field: Word puts one together of several."""
_PUTS_IN = re.compile(rb"aFChunk", re.IGNORECASE)
"""A page or a document of another kind, drawn in as if it were text."""
_SAYS_HOW = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
_HOW = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii", b"utf-16"})
"""How XML in a package may be written; UTF-16 is told by its first bytes."""
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}
_BY_NUMBER = re.compile(rb"&#(?:[xX]([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
_RUNS_IN_PDF = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm|GoToE|GoToR|Rendition|XFA)(?![A-Za-z])"
)
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def parts_of(data: bytes) -> list[str]:
    """The names in an archive; none of what is no archive from its first byte on."""
    if not data.startswith(ARCHIVE):
        return []
    try:
        return zipfile.ZipFile(BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return []


def fault_of(data: bytes, kind: str) -> str | None:
    """Why a file of this kind is not taken; None when nothing is wrong with it. Pictures are made anew instead."""
    match kind:
        case "docx" | "xlsx":
            return _in_office(data)
        case "pdf":
            return _in_pdf(data)
    return None


def _in_office(data: bytes) -> str | None:
    archive = zipfile.ZipFile(BytesIO(data))
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INSIDE:
        return BURSTS
    if any(part.flag_bits & 1 for part in parts):
        return UNREADABLE
    if any(active in part.filename.lower() for part in parts for active in _ACTIVE_PARTS):
        return RUNS
    try:
        for part in parts:
            if fault := _in_part(archive, part):
                return fault
    except (UnicodeDecodeError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError):
        return UNREADABLE
    except OverflowError:
        return BURSTS
    return None


def _in_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> str | None:
    """What is wrong with a part: one that is called otherwise is XML all the same if it begins so."""
    name = part.filename.lower()
    if not name.endswith((".xml", ".rels")):
        with archive.open(part) as opened:
            if not opened.read(16).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", *_WIDE)):
                return None
    text = _plain(_read(archive, part))
    if name == "[content_types].xml" and _ACTIVE_TYPES.search(text):
        return RUNS
    if _RUNS_A_FIELD.search(text) or _RUNS_A_FIELD.search(b"".join(_SPREAD.findall(text))):
        return RUNS
    if name.endswith(".rels"):
        return LINKS if _REACHES_OUT.search(text) else RUNS if _PUTS_IN.search(text) else None
    return None


def _plain(text: bytes) -> bytes:
    """XML as it is looked through, whichever way it is written. Raises `UnicodeDecodeError` for what is no way."""
    wide = next((how for begins, how in _WIDE.items() if text.startswith(begins)), None)
    if wide:
        text = text.decode(wide).encode()
    said = _SAYS_HOW.match(text.removeprefix(b"\xef\xbb\xbf"))
    if b"\x00" in text or (said and said[1].lower() not in _HOW):
        raise UnicodeDecodeError("xml", text[:1], 0, 1, "written in a way that no office program writes")
    return _BY_NUMBER.sub(_numbered, text)


def _numbered(found: re.Match[bytes]) -> bytes:
    code = int(found[1], 16) if found[1] else int(found[2])
    return bytes([code]) if code < 128 else found[0]


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """What a part holds; it may say of itself that it is smaller than it is."""
    with archive.open(part) as opened:
        text = opened.read(MOST_READ + 1)
    if len(text) > MOST_READ:
        raise OverflowError
    return text


def _in_pdf(data: bytes) -> str | None:
    """Objects can be packed into streams, and names be written with escapes: both are looked through."""
    plain = _unescaped(data)
    if b"/Encrypt" in plain:
        return UNREADABLE
    if _RUNS_IN_PDF.search(plain):
        return RUNS
    try:
        if any(_RUNS_IN_PDF.search(_unescaped(packed)) for packed in _packed(data)):
            return RUNS
    except zlib.error:
        return UNREADABLE
    except OverflowError:
        return BURSTS
    return None


def _packed(data: bytes) -> Iterator[bytes]:
    """What the streams hold that objects are packed into."""
    left, after = MOST_INSIDE, 0
    for found in _STREAM.finditer(data):
        about = _unescaped(data[max(data.rfind(b"obj", after, found.start()), after) : found.start()])
        after = found.end()
        if b"/ObjStm" not in about or b"/Filter" not in about:
            continue  # without a filter it stands there as it is, and has been looked through
        if about.count(b"Decode") != 1 or b"/FlateDecode" not in about:
            raise zlib.error  # packed in a way that no ordinary writer packs objects
        opened = zlib.decompressobj().decompress(data[found.end() :], min(left, MOST_READ) + 1)
        if len(opened) > min(left, MOST_READ):
            raise OverflowError
        left -= len(opened)
        yield opened


def _unescaped(data: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)
