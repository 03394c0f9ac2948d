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
_ACTIVE_TYPES = re.compile(rb"macroenabled|vbaproject|activex|oleobject", re.IGNORECASE)
_REACHES_OUT = re.compile(
    rb"<[^>]*(?:attachedTemplate|oleObject|/frame|subDocument|externalLinkPath)[^>]*TargetMode\s*=\s*[\"']External"
    rb"|<[^>]*TargetMode\s*=\s*[\"']External[^>]*(?:attachedTemplate|oleObject|/frame|subDocument|externalLinkPath)",
    re.IGNORECASE,
)
_RUNS_A_FIELD = re.compile(rb"\bDDE(?:AUTO)?\s|<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_RUNS_IN_PDF = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm|GoToE|Rendition)(?![A-Za-z])"
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
            name = part.filename.lower()
            if not name.endswith((".xml", ".rels")):
                continue
            text = _read(archive, part)
            if (name == "[content_types].xml" and _ACTIVE_TYPES.search(text)) or _RUNS_A_FIELD.search(text):
                return RUNS
            if name.endswith(".rels") and _REACHES_OUT.search(text):
                return LINKS
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError):
        return UNREADABLE
    except OverflowError:
        return BURSTS
    return None


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
