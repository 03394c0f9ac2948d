"""Files that come with a complaint, known by what they hold, never by their names (mechanism §2)."""

from collections.abc import Collection, Sequence

from services.intake.domain.submission import MOST_ATTACHMENTS
from shared.cleaning import ControlCharacter, clean
from shared.refusals import FieldFault, Invalid

MOST_FILE_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 200
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What may come along, and how it is served again."""
_BEGINNINGS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
_PARTS = {"word/": "docx", "xl/": "xlsx"}
_MACROS = ("vbaproject.bin", "activex")


def kind_of(data: bytes, parts: Collection[str]) -> str | None:
    """What these bytes are; None for anything that may not come along, such as a document with macros.

    `parts`: the names in it, where it is an archive as Word and Excel make them.
    """
    for beginning, kind in _BEGINNINGS.items():
        if data.startswith(beginning):
            return kind
    names = [name.lower() for name in parts]
    if "[content_types].xml" not in names or any(macro in name for name in names for macro in _MACROS):
        return None
    return next((kind for part, kind in _PARTS.items() if any(name.startswith(part) for name in names)), None)


def check_files(files: Sequence[tuple[str, int, str | None]]) -> None:
    """Refuse these files, each a name, a size and its kind, with every fault; raises `Invalid`."""
    faults = []
    if len(files) > MOST_ATTACHMENTS:
        faults.append(f"附件最多{MOST_ATTACHMENTS}件，请减少。")
    for name, size, kind in files:
        if not size:
            faults.append(f"“{name}”是空文件，请重新选择。")
        elif size > MOST_FILE_BYTES:
            faults.append(f"“{name}”超过{MOST_FILE_BYTES // 1024 // 1024}MB，请压缩后再上传。")
        elif kind is None:
            faults.append(f"“{name}”不是可以接收的文件；可以上传图片（JPG、PNG）、PDF、不带宏的 Word 和 Excel。")
    if faults:
        raise Invalid("bad-files", "附件有误，请重新选择附件。", [FieldFault("attachments", "".join(faults))])


def name_of(given: str, place: int) -> str:
    """A file's name as it is kept: its last part, cleaned; `附件1` when nothing is left."""
    last = given.replace("\\", "/").rpartition("/")[2]
    try:
        name = clean(last)[-LONGEST_NAME:]
    except ControlCharacter:
        name = ""
    return name or f"附件{place}"
