"""Files as they were handed over, checked: every fault is told at the field, and what is kept is harmless."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.files import inside, pictures
from shared.files.kinds import MOST_FILE_BYTES, MOST_FILES, PICTURES, is_disguised, kind_of, name_of
from shared.refusals import FieldFault, Invalid

FIELD = "attachments"
_MAY = "可以上传图片（JPG、PNG）、PDF、不带宏的 Word 和 Excel"


@dataclass(frozen=True)
class File:
    """A file that may be kept, known by what it holds."""

    name: str
    kind: str
    data: bytes


def received(given: Sequence[tuple[str, bytes]]) -> list[File]:
    """These names and bytes as files that may be kept; raises `Invalid`. Pictures take a while: not for the loop."""
    faults, files = [], []
    if len(given) > MOST_FILES:
        faults.append(f"附件最多{MOST_FILES}件，请减少。")
    for place, (name, data) in enumerate(given[:MOST_FILES], 1):
        found = _looked_at(name, data, place)
        if isinstance(found, str):
            faults.append(f"“{name_of(name, place)}”{found}")
        else:
            files.append(found)
    if faults:
        raise Invalid("bad-files", "附件有误，请重新选择附件。", [FieldFault(FIELD, "".join(faults))])
    return files


def _looked_at(name: str, data: bytes, place: int) -> File | str:
    """The file, or what is wrong with it."""
    if not data:
        return "是空文件，请重新选择。"
    if len(data) > MOST_FILE_BYTES:
        return f"超过{MOST_FILE_BYTES // 1024 // 1024}MB，请压缩后再上传。"
    kind = kind_of(data, inside.parts_of(data))
    if kind is None:
        return f"不是可以接收的文件；{_MAY}。"
    if is_disguised(name_of(name, place), kind):
        return "的扩展名与内容不符，请按原来的格式保存后再上传。"
    if fault := inside.fault_of(data, kind):
        return f"{fault}，不能接收；{_MAY}。"
    if kind in PICTURES:
        try:
            data = pictures.drawn_anew(data, kind)
        except pictures.TooManyPixels:
            return "像素过多，请缩小后再上传。"
        except OSError:
            return "不是完整的图片，请重新选择。"
    return File(name_of(name, place, kind), kind, data)
