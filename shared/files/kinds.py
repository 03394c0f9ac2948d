"""What may be handed over, known by what it holds and never by its name (mechanism §2)."""

from collections.abc import Collection

from shared.cleaning import ControlCharacter, clean

MOST_FILES = 5
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
PICTURES = frozenset({"jpg", "png"})
ARCHIVE = b"PK\x03\x04"
_BEGINNINGS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
_PARTS = {"word/": "docx", "xl/": "xlsx"}
_CALLED = {kind: frozenset({kind}) for kind in TYPES} | dict.fromkeys(PICTURES, PICTURES | {"jpeg", "jpe"})
"""The endings that a name may have: phones and chats call any picture `jpg`."""
_LONGEST_ENDING = 5


def kind_of(data: bytes, parts: Collection[str] = ()) -> str | None:
    """What these bytes are; None for anything that may not come along.

    `parts`: the names in it, where it is an archive as Word and Excel make them.
    """
    for beginning, kind in _BEGINNINGS.items():
        if data.startswith(beginning):
            return kind
    names = [name.lower() for name in parts]
    if "[content_types].xml" not in names:
        return None
    return next((kind for part, kind in _PARTS.items() if any(name.startswith(part) for name in names)), None)


def is_disguised(name: str, kind: str) -> bool:
    """Whether its name says that it is something else."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return 0 < len(ending) <= _LONGEST_ENDING and ending.isascii() and ending.isalnum() and ending not in _CALLED[kind]


def name_of(given: str, place: int, kind: str | None = None) -> str:
    """A file's name as it is kept: its last part, cleaned, ending as what it is; `附件1` when nothing is left."""
    last = given.replace("\\", "/").rpartition("/")[2]
    try:
        name = clean(last)[-LONGEST_NAME:]
    except ControlCharacter:
        name = ""
    name = name or f"附件{place}"
    stem, _, ending = name.rpartition(".")
    if kind is None or ending.lower() == kind:
        return name
    return f"{stem if stem and ending.lower() in _CALLED[kind] else name}.{kind}"
