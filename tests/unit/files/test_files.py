"""Files by what they hold: pictures, PDF, Word and Excel in which nothing runs; nothing else, whatever it is called."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from shared.files import inside, pictures
from shared.files.kinds import MOST_FILE_BYTES, kind_of, name_of
from shared.files.received import File, received
from shared.refusals import Invalid
from tests.support.uploads import EXCEL, WORD, office, package, packed, pdf, photo, picture

PAGE = b"<</Type /Catalog /OpenAction [3 0 R /Fit]>>"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pdf(PAGE), "pdf"),
        (photo(), "jpg"),
        (picture(), "png"),
        (office(WORD), "docx"),
        (office(EXCEL), "xlsx"),
        (office(WORD).replace(b"[Content_Types].xml", b"[Content_Typez].xml"), None),
        (office("run.exe"), None),
        (b"MZ\x90", None),
        (b"<svg onload=alert(1)>", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_a_file_is_what_it_holds(data: bytes, kind: str | None) -> None:
    assert kind_of(data, inside.parts_of(data)) == kind


def refused(*given: tuple[str, bytes]) -> str:
    with pytest.raises(Invalid) as refusal:
        received(given)
    [fault] = refusal.value.errors
    assert fault.field == "attachments"
    return fault.message


def test_every_fault_is_told_at_the_field() -> None:
    told = refused(("空.png", b""), ("大.png", picture() + bytes(MOST_FILE_BYTES)), ("x", b"MZ"), *[("a", b"MZ")] * 3)
    for expected in ("附件最多5件", "“空.png”是空文件", "“大.png”超过10MB", "“x”不是可以接收的文件"):
        assert expected in told


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("病毒.png", b"MZ\x90\x00" + bytes(60)),
        ("网页.jpg", b"<html><script>alert(1)</script></html>"),
        ("合同.docx", pdf(PAGE)),
        ("照片.exe", picture()),
        ("照片.html", photo()),
        ("表.pdf", office(EXCEL)),
    ],
)
def test_what_is_disguised_is_refused(name: str, data: bytes) -> None:
    told = refused((name, data))
    assert "不是可以接收的文件" in told or "扩展名与内容不符" in told


OUTSIDE = '<Relationship Type="http://x/{}" Target="https://evil.example/a.dotm" TargetMode="External"/>'


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"word/vbaProject.bin": b"x"}, inside.RUNS),
        ({"word/activeX/activeX1.xml": "<x/>"}, inside.RUNS),
        ({"word/embeddings/oleObject1.bin": b"x"}, inside.RUNS),
        ({"xl/macrosheets/sheet1.xml": "<x/>"}, inside.RUNS),
        ({"[Content_Types].xml": '<Types><Default ContentType="x.macroEnabled.main+xml"/></Types>'}, inside.RUNS),
        ({WORD: "<w:instrText>DDEAUTO c:\\\\cmd</w:instrText>"}, inside.RUNS),
        ({WORD: "<!DOCTYPE x [<!ENTITY a 'a'>]><w/>"}, inside.RUNS),
        ({"word/_rels/settings.xml.rels": OUTSIDE.format("attachedTemplate")}, inside.LINKS),
        ({"word/_rels/document.xml.rels": OUTSIDE.format("oleObject")}, inside.LINKS),
        ({WORD: "<w:instrText>DDE</w:instrText></w:r><w:instrText>AUTO c:\\\\cmd</w:instrText>"}, inside.RUNS),
        ({WORD: "<?xml encoding='UTF-16'?><w:instrText>DDE c:</w:instrText>".encode("utf-16")}, inside.RUNS),
        ({WORD: "<!DOCTYPE x><w/>".encode("utf-16-be")}, inside.RUNS),
        ({WORD: "<?xml version='1.0' encoding='UTF-7'?><w/>"}, inside.UNREADABLE),
        ({"word/text.bin": "\ufeff<w:instrText>DDE c:</w:instrText>"}, inside.RUNS),
        ({"[Content_Types].xml": '<Types><Default ContentType="x.vba&#80;roject"/></Types>'}, inside.RUNS),
        ({"xl/externalLinks/externalLink1.xml": "<x:ddeLink ddeService='cmd'/>"}, inside.RUNS),
        ({"word/_rels/document.xml.rels": '<R Type="http://x/aFChunk" Target="a.htm"/>'}, inside.RUNS),
        ({"word/_rels/a.rels": OUTSIDE.format("attachedTemplate").encode("utf-16")}, inside.LINKS),
        ({"word/_rels/b.rels": OUTSIDE.format("attached&#x54;emplate")}, inside.LINKS),
        ({WORD: "<w>" + " " * (inside.MOST_READ + 1)}, inside.BURSTS),
        ({f"word/{n}.bin": "" for n in range(inside.MOST_PARTS)}, inside.BURSTS),
    ],
)
def test_an_office_file_in_which_something_runs_reaches_out_or_bursts_is_refused(
    parts: dict[str, str | bytes], said: str
) -> None:
    assert said in refused(("报告.docx", package({WORD: "<w/>", **parts})))


def test_a_link_in_a_document_is_no_harm() -> None:
    [file] = received(
        [("报告.docx", package({WORD: "<w/>", "word/_rels/document.xml.rels": OUTSIDE.format("hyperlink")}))]
    )
    assert file.kind == "docx"


@pytest.mark.parametrize(
    ("objects", "said"),
    [
        ((PAGE, b"<</S /JavaScript /JS (app.alert(1))>>"), inside.RUNS),
        ((PAGE, b"<</S /Java#53cript /JS (x)>>"), inside.RUNS),
        ((PAGE, b"<</S /Launch /F (cmd.exe)>>"), inside.RUNS),
        ((PAGE, b"<</S /GoToR /F (//evil.example/a)>>"), inside.RUNS),
        ((PAGE, b"<</AcroForm <</XFA 3 0 R>>>>"), inside.RUNS),
        ((PAGE, b"<</Names <</EmbeddedFiles 9 0 R>>>>"), inside.RUNS),
        ((PAGE, packed(b"<</S /JavaScript /JS (x)>>")), inside.RUNS),
        ((PAGE, packed(b"<</S /#4caunch>>")), inside.RUNS),
        ((PAGE, packed(b"x" * (inside.MOST_READ + 1))), inside.BURSTS),
        ((PAGE, packed(b"x", b"/Filter [/ASCIIHexDecode /FlateDecode]")), inside.UNREADABLE),
        ((PAGE, packed(b"x", b"/Filter /LZWDecode")), inside.UNREADABLE),
        ((PAGE, b"<</Filter /Standard>>", b"<</Encrypt 2 0 R>>"), inside.UNREADABLE),
    ],
)
def test_a_pdf_in_which_something_runs_or_hides_is_refused(objects: tuple[bytes, ...], said: str) -> None:
    assert said in refused(("材料.pdf", pdf(*objects)))


def test_a_pdf_that_only_opens_at_a_page_is_kept_as_it_is() -> None:
    data = pdf(PAGE, packed(b"<</Type /Page>>"))
    assert received([("材料.pdf", data)]) == [File("材料.pdf", "pdf", data)]


def test_a_photo_is_upright_and_tells_nothing_of_where_and_by_what_it_was_taken() -> None:
    data = photo()
    assert b"PhoneMaker" in data
    [file] = received([("照片.jpg", data)])
    assert b"PhoneMaker" not in file.data
    with Image.open(io.BytesIO(file.data)) as kept:
        assert not kept.getexif()
        assert kept.size == (6, 8)


def test_what_hides_behind_a_picture_is_gone() -> None:
    [file] = received([("照片.png", picture() + b"<script>alert(1)</script>")])
    assert b"script" not in file.data
    with Image.open(io.BytesIO(file.data)) as kept:
        assert kept.convert("RGB").getpixel((0, 0)) == (200, 0, 0)


def test_a_picture_that_would_burst_is_refused_before_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    assert "像素过多" in refused(("炸弹.png", picture(size=(11, 10))))


@pytest.mark.parametrize("data", [photo()[:200], picture()[:40], b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_half_a_picture_is_refused(data: bytes) -> None:
    assert "不是完整的图片" in refused(("照片", data))


@pytest.mark.parametrize(
    ("given", "kind", "kept"),
    [
        ("../../etc/passwd", None, "passwd"),
        ("C:\\文件\\照片.png", "png", "照片.png"),
        ("", "pdf", "附件2.pdf"),
        ("a\x00b.png", "png", "附件2.png"),
        ("微信图片.jpg", "png", "微信图片.png"),
        ("照片.JPEG", "jpg", "照片.jpg"),
        ("第1.2条", "pdf", "第1.2条.pdf"),
    ],
)
def test_a_name_is_its_last_part_and_ends_as_what_it_is(given: str, kind: str | None, kept: str) -> None:
    assert name_of(given, 2, kind) == kept
