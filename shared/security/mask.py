"""Personal data as others see it: enough to recognise one's own, too little to find anyone."""

import re
import unicodedata
from collections.abc import Mapping

HIDDEN = "***"
_FINDS_A_HOUSE = 4
"""Characters; a shorter one stands in texts about something else."""

_COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶"
        "太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘亓官司寇令狐第五百里呼延东郭南门西门",
    )
)
DOT = re.compile("[·•・‧]")
"""What stands in the middle of a name like 买买提·艾山, however it is typed."""
_MOBILE = re.compile(r"(1[3-9][0-9])[0-9]{4}([0-9]{4})")
_LANDLINE = re.compile(r"(0[0-9]{2,3}-[0-9])([0-9]{4,5})([0-9]{2})")

# Names of places hold no road, lane, number, building, estate or village, so nothing finer than a township is kept.
_PLACE = r"[^\W\d_路街道巷号楼苑村社]"
_TOWNSHIP = re.compile(
    rf"(?:{_PLACE}{{2,6}}?省)?(?:{_PLACE}{{2,6}}?市(?:{_PLACE}{{2,4}}?区)?)?(?:{_PLACE}{{2,8}}?县)?"
    rf"(?:{_PLACE}{{1,8}}?(?:镇|乡|街道|办事处|开发区))?"
)

_BETWEEN = "[ \u3000.·/－–—-]{0,3}"
"""What people type between a number's digits; `\\d` in a pattern is a full-width one too."""
_COUNTRY = rf"(?:(?:\+|00)?86{_BETWEEN})?"
_MOBILE_TYPED = rf"[1１]{_BETWEEN}[3-9３-９](?:{_BETWEEN}\d){{9}}"
MOBILE_IN_TEXT = _COUNTRY + _MOBILE_TYPED
"""A mobile phone as people type it; no digit stands before or behind."""
LANDLINE_IN_TEXT = (
    r"(?P<opens>[(（])?(?P<area>[0０](?:[1１][0０]|[2２]\d|[3-9３-９]\d\d))(?(opens)[)）])"
    rf"{_BETWEEN}(?P<local>[2-9２-９]\d{{2,3}}{_BETWEEN}\d{{4}})(?:[-－转]\d{{1,5}})?"
)
"""The same of a landline, with the code of its area and, where there is one, its extension."""
_IN_TEXT = re.compile(
    r"(?<!\d)(?:"
    rf"{_COUNTRY}(?P<mobile>{_MOBILE_TYPED})"
    rf"|(?P<landline>{LANDLINE_IN_TEXT})"
    r"|(?P<identity>[1-9１-９]\d{5}(?:19|20|１９|２０)\d{9}[\dXxＸｘ])"
    r")(?!\d)"
)


def mask_name(name: str, *, organisation: bool = False) -> str:
    """`张*`, `王**`, `欧阳**`: the surname, and at most two stars. An organisation's name stays."""
    if organisation or not name:
        return name
    surname = name[:2] if name[:2] in _COMPOUND_SURNAMES and len(name) > 2 else name[0]
    rest = len(name) - len(surname)
    return surname + "*" * min(rest, 2) if rest else "*"


def mask_phone(phone: str) -> str:
    """`138****5521`, `0394-5****12`; any other way of contact is hidden whole."""
    if mobile := _MOBILE.fullmatch(phone):
        return f"{mobile[1]}****{mobile[2]}"
    if landline := _LANDLINE.fullmatch(phone):
        return f"{landline[1]}{'*' * len(landline[2])}{landline[3]}"
    return HIDDEN if phone else ""


def mask_address(address: str) -> str:
    """The address down to its township: `沈丘县纸店镇***`."""
    township = _TOWNSHIP.match(address)
    kept = township[0] if township else ""
    return address if kept == address else kept + HIDDEN


def mask_text(text: str) -> str:
    """Running text with the phones and identity numbers in it masked; nothing else is touched."""
    return _IN_TEXT.sub(_masked_number, text)


def mask_known_in(text: str, fields: Mapping[str, str | None], *, organisation: bool = False) -> str:
    """Running text with what is known of a petitioner masked as it is elsewhere: name, contact person, other contact.

    Of the address what lies below the township, where a house is numbered: a village's name tells where the matter is.
    What is of a single character stands in any text.
    """
    masked = dict.fromkeys([fields.get("other_contact")], HIDDEN)
    masked |= {name: mask_name(name) for name in (fields.get("contact_person"), fields.get("name")) if name}
    masked |= dict.fromkeys([_house_in(fields.get("address") or "")], HIDDEN)
    for value in sorted(filter(None, masked), key=len, reverse=True):
        if len(value) > 1 and not (organisation and value == fields.get("name")):
            text = text.replace(value, masked[value])
    return text


def _house_in(address: str) -> str:
    """What of an address lies below its township and finds a house; empty where nothing does."""
    township = _TOWNSHIP.match(address)
    rest = address[township.end() if township else 0 :].strip()
    return rest if len(rest) >= _FINDS_A_HOUSE and any(map(str.isnumeric, rest)) else ""


def strike_known(text: str, fields: Mapping[str, str | None], *, organisation: bool = False) -> str:
    """Running text without what is known of a petitioner: name, contact person, phone, other contact and address.

    A phone is known however its digits are grouped, and in full-width ones too; of 买买提·艾山 also 买买提 alone.
    """
    marks = dict.fromkeys(("phone", "other_contact"), "〔电话已隐去〕") | {
        "name": "〔单位名称已隐去〕" if organisation else "某某",
        "contact_person": "某某",
        "address": "〔住址已隐去〕",
    }
    known = {value: marks[field] for field, value in fields.items() if value and len(value) > 1 and field in marks}
    for field in ("contact_person",) if organisation else ("name", "contact_person"):
        first, dot, _ = DOT.sub("·", fields.get(field) or "").partition("·")
        if dot and len(first) > 1:
            known.setdefault(first, "某某")
    for value in sorted(known, key=len, reverse=True):
        text = _written(value).sub(known[value], text)
    return text


def _written(value: str) -> re.Pattern[str]:
    """The ways in which this is written in a text."""
    if DOT.search(value):
        return re.compile(f"{DOT.pattern}?".join(map(re.escape, DOT.split(value))))
    digits = re.sub("[^0-9]", "", value)
    if len(digits) < 7 or re.search(r"[^0-9 ()+.-]", value):
        return re.compile(re.escape(value))
    between = "[ .·－–—()（）-]{0,2}"
    either = between.join(f"[{digit}{chr(ord(digit) + 0xFEE0)}]" for digit in digits)
    return re.compile(rf"(?<!\d){_COUNTRY}{either}(?!\d)")


def _masked_number(found: re.Match[str]) -> str:
    if found["mobile"]:
        return mask_phone(_digits(found["mobile"]))
    if found["landline"]:
        return mask_phone(f"{_digits(found['area'])}-{_digits(found['local'])}")
    number = unicodedata.normalize("NFKC", found[0])
    return f"{number[:6]}********{number[-4:]}"


def _digits(typed: str) -> str:
    return "".join(filter(str.isdecimal, unicodedata.normalize("NFKC", typed)))
