"""Whether an uploaded file is a plain Word document: no macros, nothing fetched from elsewhere, no bomb."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from shared.refusals import FieldFault, Invalid

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_XML = 2 * 1024 * 1024
MOST_PARTS = 200
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_FIELDS = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\b[^{}]*")
_FORBIDDEN = {
    "vbaproject": "宏",
    "vbadata": "宏",
    "embeddings/": "嵌入的对象",
    "activex/": "ActiveX 控件",
    "oleobject": "嵌入的对象",
    "afchunk": "嵌入的文档",
}


def refusal(code: str, sentence: str) -> Invalid:
    """A template that is not taken, and why."""
    return Invalid(code, sentence, [FieldFault("file", sentence)])


def must_be_plain(content: bytes) -> None:
    """Refuse anything but a Word document that stands by itself, naming the part that is at fault."""
    if len(content) > MOST_BYTES:
        raise refusal("template-too-big", "模板文件不能超过2MB，请压缩其中的图片后重新上传。")
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            _must_be_small(package)
            parts = {name: package.read(name) for name in package.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise refusal("no-word-document", "这不是有效的 Word 文档，请另存为“*.docx”后重新上传。") from error
    if _MAIN not in parts.get("[Content_Types].xml", b"").decode(errors="replace"):
        raise refusal("no-word-document", "模板须是不带宏的“Word 文档（*.docx）”，请另存后重新上传。")
    for name, part in parts.items():
        _must_be_harmless(name, part)


def _must_be_small(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_PARTS or len(set(names)) < len(names):
        raise refusal("template-too-big", "模板文件的结构不正常（内含文件过多或重复），请用 Word 另存后重新上传。")
    # What an entry says of its size is what `read` gives at most: zipfile stops there and compares the checksum.
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise refusal("template-too-big", "模板文件解压后过大，请删去其中的图片或多余内容后重新上传。")


def _must_be_harmless(name: str, part: bytes) -> None:
    lowered = name.lower()
    for forbidden, what in _FORBIDDEN.items():
        if forbidden in lowered:
            raise refusal("template-not-plain", f"模板中含有{what}（{name}），请删去后重新上传。")
    if not lowered.endswith((".xml", ".rels")) and not _looks_like_xml(part):
        return
    if len(part) > MOST_XML:
        raise refusal("template-too-big", f"模板的{name}过大，请删去多余内容后重新上传。")
    try:
        root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise refusal("no-word-document", f"模板的{name}已损坏，请用 Word 另存后重新上传。") from error
    if root.getroottree().docinfo.doctype:
        raise refusal("template-not-plain", f"模板的{name}中含有文档类型声明，请用 Word 另存后重新上传。")
    for element in root.iter():
        if element.get("Type", "").endswith("/aFChunk"):
            raise refusal("template-not-plain", f"模板中含有嵌入的文档（{element.get('Target')}），请删去后重新上传。")
        if element.get("TargetMode") == "External":
            raise refusal("template-not-plain", f"模板链接了外部文件或网址（{element.get('Target')}），请删去后上传。")
    for code in _fields(root):
        if code.strip() and not _FIELDS.fullmatch(code):
            raise refusal("template-not-plain", f"模板中有不允许的域“{code.strip()[:40]}”，只能使用页码域。")


def _looks_like_xml(part: bytes) -> bool:
    """A part is XML by what it begins with, whatever it is called and however wide its characters are."""
    return part[:16].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def _fields(root: etree._Element) -> Iterator[str]:
    """The codes of the fields, each whole: Word spreads one over several runs."""
    spread = ""
    for element in root.iter():
        tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if tag == "fldSimple":
            yield next((value for key, value in element.attrib.items() if str(key).endswith("}instr")), "")
        elif tag == "instrText":
            spread += element.text or ""
        elif tag == "fldChar" and spread:
            yield spread
            spread = ""
    yield spread
