"""Files by what they hold: pictures, PDF, Word and Excel without macros; nothing else, and no name leads elsewhere."""

import pytest

from services.intake.domain.files import MOST_FILE_BYTES, check_files, kind_of, name_of
from shared.refusals import Invalid

WORD = ("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("data", "parts", "kind"),
    [
        (b"%PDF-1.7 ...", (), "pdf"),
        (b"\xff\xd8\xff\xe0", (), "jpg"),
        (b"\x89PNG\r\n\x1a\n...", (), "png"),
        (b"PK", WORD, "docx"),
        (b"PK", ("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (b"PK", (*WORD, "word/vbaProject.bin"), None),
        (b"PK", (*WORD, "word/activeX/activeX1.xml"), None),
        (b"PK", ("word/document.xml",), None),
        (b"PK", ("[Content_Types].xml", "run.exe"), None),
        (b"MZ\x90", (), None),
        (b"<svg onload=alert(1)>", (), None),
        (b"", (), None),
    ],
)
def test_a_file_is_what_it_holds(data: bytes, parts: tuple[str, ...], kind: str | None) -> None:
    assert kind_of(data, parts) == kind


def test_every_fault_is_told_at_the_field() -> None:
    with pytest.raises(Invalid) as refused:
        check_files([("空.png", 0, None), ("大.png", MOST_FILE_BYTES + 1, "png"), ("x", 1, None)] * 2)
    [fault] = refused.value.errors
    assert fault.field == "attachments"
    for told in ("附件最多5件", "“空.png”是空文件", "“大.png”超过10MB", "“x”不是可以接收的文件"):
        assert told in fault.message
    check_files([("照片.png", 10, "png")])


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\文件\\照片.png", "照片.png"), ("", "附件2"), ("a\x00b.png", "附件2")],
)
def test_a_name_is_its_last_part(given: str, kept: str) -> None:
    assert name_of(given, 2) == kept
