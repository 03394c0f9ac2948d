"""What is personal by its shape, or by the words around it: numbers, addresses, plates, mail; names are `people`'s."""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from string import ascii_lowercase, ascii_uppercase

from services.casebook.domain.numbers import has_identity_shape, is_credit_code, is_identity, passes_luhn
from shared.security.mask import HIDDEN, LANDLINE_IN_TEXT, MOBILE_IN_TEXT, mask_address


class Kind(StrEnum):
    """What was found."""

    NAME = "name"
    PHONE = "phone"
    IDENTITY = "identity"
    CREDIT_CODE = "credit_code"
    BANK_CARD = "bank_card"
    NUMBER = "number"
    """Long, and none of the others: an account, a file."""
    PLATE = "plate"
    EMAIL = "email"
    ACCOUNT = "account"
    ADDRESS = "address"
    NAMED = "named"
    """What the editor said is to be struck."""


MARKS = {
    Kind.NAME: "某某",
    Kind.PHONE: "〔电话已隐去〕",
    Kind.IDENTITY: "〔证件号码已隐去〕",
    Kind.CREDIT_CODE: "〔信用代码已隐去〕",
    Kind.BANK_CARD: "〔银行卡号已隐去〕",
    Kind.NUMBER: "〔编号已隐去〕",
    Kind.PLATE: "〔车牌已隐去〕",
    Kind.EMAIL: "〔邮箱已隐去〕",
    Kind.ACCOUNT: "〔账号已隐去〕",
    Kind.ADDRESS: "〔住址已隐去〕",
    Kind.NAMED: "〔已隐去〕",
}

CALLED = {
    Kind.NAME: "姓名",
    Kind.PHONE: "电话",
    Kind.IDENTITY: "证件号码",
    Kind.CREDIT_CODE: "信用代码",
    Kind.BANK_CARD: "银行卡号",
    Kind.NUMBER: "编号",
    Kind.PLATE: "车牌",
    Kind.EMAIL: "邮箱",
    Kind.ACCOUNT: "账号",
    Kind.ADDRESS: "住址",
    Kind.NAMED: "编辑指定",
}
"""What they are called."""

_WIDE = "０１２３４５６７８９－＠．＃　" + "".join(map(chr, (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))))
PLAIN = str.maketrans(_WIDE, "0123456789-@.# " + ascii_uppercase + ascii_lowercase)
_SPOKEN = str.maketrans("〇零○一幺二两三四五六七八九", "00011223456789")
_UNIT = (
    "省|市|县|镇|乡|街道|办事处|大道|路|街|巷|胡同|村|庄|寨|营|组|队|小区|社区|花园|家园|公寓|苑|家属院|"
    "大院|东|西|南|北|段|号院|号楼|单元|号|栋|幢|楼|座|层|室|户"
)
_LIVES = re.compile(
    "(?:家住|现住|居住(?:在|于|地)?|住址|家庭(?:住址|地址)|户籍(?:所在)?地(?:址)?|联系地址|地址|家在|老家在?|住在|"
    "户籍在|住(?![宅院房宿建户所进满不了的着过])|收件人?地址)"
    f"[是为在于:： ]*(?P<it>(?:[\u4e00-\u9fffA-Za-z0-9#·-]{{1,12}}?(?:{_UNIT}))+(?:[0-9]+(?:-[0-9]+)*)?)"
)
_SOMEWHERE = re.compile(r"[0-9路街巷庄寨营组苑]|小区|社区|花园|家园|公寓|胡同|大道|.村")
_ANYWHERE = re.compile(
    "^(?:农村|本村|外村|全村|同村|村里|县城|城里|城区|乡下|小区|老旧小区|安置小区|公租房|廉租房|一楼|楼上|楼下)"
)
_DOORS = (
    "(?:[0-9]+(?:-[0-9]+)*(?:号院|#楼?|号楼|单元|号|栋|幢|楼|座|室)(?:[0-9-]+(?:#楼?|号|栋|幢|楼|座|单元|门|层|室|户)?)*"
    "|[0-9]{1,3}(?:-[0-9]{1,4}){2,3}"
    "|(?:第?[0-9一二三四五六七八九十]{1,3}(?:村民小?组|号楼|单元)(?:[0-9]+室?)?)+"
    "(?:[一二三四五六七八九十]{1,3}(?:楼|层|室|号|门))*)(?:[东西南北中]{1,2}户)?"
    "(?![0-9窗柜]|线|公交|文|令|厅)"
)
_DOOR = re.compile(rf"(?<=[路街巷道村庄寨区段组侧东西南北园苑院城楼场])(?P<it>{_DOORS})")
_HOME = re.compile(
    "(?:(?<=[镇乡])|(?<=街道)|(?<=办事处))"
    "(?P<it>(?:(?:(?!反映|居民|村民|群众|政府|中心|镇|乡)[\u4e00-\u9fffA-Za-z]){1,8}?"
    "(?:社区|自然村|行政村|村|庄|寨|路|街|巷|大道|胡同|小区|花园|家园|公寓|苑|家属院)(?:[0-9]+号院?)?){1,4}"
    f"{_DOORS})"
)
"""From the township down to a door."""
_GROUP = re.compile("(?<=[村庄寨营])(?P<it>第?[0-9一二三四五六七八九十]{1,3}(?:村民小?组|小?组|队))")
_LONG = re.compile(r"(?<![0-9A-Za-z])(?P<it>[0-9](?:[ -]?[0-9]){13,29}[Xx]?)(?![0-9A-Za-z])")
_DAY = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}")
_CODE = re.compile(r"(?<![0-9A-Za-z])(?P<it>[0-9A-HJ-NP-RTUWXYa-hj-np-rtuwxy]{18})(?![0-9A-Za-z])")
_MOBILE = re.compile(rf"(?<!\d)(?P<it>{MOBILE_IN_TEXT})(?!\d)")
_LANDLINE = re.compile(rf"(?<!\d)(?P<it>{LANDLINE_IN_TEXT})(?!\d)")
_LOCAL = re.compile("(?:电话|手机|座机|号码|联系方式|致电|拨打)[是为号:： ]*(?P<it>[2-9][0-9]{6,7})(?![0-9])")
_MAIL = re.compile(r"(?<![a-zA-Z0-9_.+-])(?P<it>[a-zA-Z0-9_.+-]{1,64}@[a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63})+)")
_ACCOUNT = re.compile(
    "(?:(?:微信|QQ|qq|抖音|快手|支付宝|[Ww]e[Cc]hat|[Ww]eixin)(?:号|账号)?|账号(?=[是为:： ]*[A-Za-z]))[是为:： ]*"
    "(?P<it>[A-Za-z0-9_-]{5,})"
)
_CARD = re.compile("(?:卡号|账号|账户|银行卡)[是为:： ]*(?P<it>[0-9](?:[ -]?[0-9]){8,24})(?![0-9])")
_ENDING = re.compile("(?:证件?号?码?|尾号|后[四六]位)(?:尾号|后[四六]位)?[是为:： ]*(?P<it>[0-9]{4,6}[Xx]?)(?![0-9年])")
_PLATE = re.compile(
    "(?P<it>[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新] ?[A-HJ-NP-Za-hj-np-z][ ·•.-]?"
    "(?=[A-Za-z]*[0-9])[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳])(?![A-Za-z0-9])"
)
_PLATED = re.compile(
    "车牌(?:照|号码?)?[是为:： ]*(?P<it>[A-Za-z][ ·•.-]?(?=[A-Za-z]*[0-9])[A-Za-z0-9]{5,6})(?![A-Za-z0-9])"
)
_PAPER = re.compile(
    "(?:(?:护照|通行证|军官证|士兵证|警官证|退伍证|回乡证|台胞证)(?:编?号码?)?"
    "|(?:低保|残疾|优待|退休|学生|房产|产权|登记|许可|身份|户口|医保|社保|病历|住院)[证卡本]?编?号码?"
    "|(?:车架|发动机|学籍|准考证)号码?)[是为:： ]*"
    "(?P<it>(?:[\u4e00-\u9fff]字第)?(?=[A-Za-z-]*[0-9])[A-Za-z0-9][A-Za-z0-9-]{5,24}号?)(?![0-9A-Za-z年])"
)
_TITLE_DEED = re.compile("不动产权第(?P<it>[0-9]{5,9})(?=号)")
_COMPLAINT = re.compile("(?<![A-Za-z0-9])(?P<it>[A-Z]{2,8}(?:-[A-Z0-9]{1,12})?-20[0-9]{2}-[0-9]{4,6})(?![0-9])")
_SPELT = re.compile("(?<![0-9])(?P<it>1[、 ]?[3-9](?:[、 ]?[0-9]){9})(?![0-9])")

Judge = Callable[[str], tuple[Kind, bool] | None]


def _always(kind: Kind, certain: bool = True) -> Judge:
    return lambda _: (kind, certain)


def _long_number(found: str) -> tuple[Kind, bool] | None:
    digits = re.sub("[ -]", "", found)
    if _DAY.search(found) or _MOBILE.fullmatch(found):
        return None
    if has_identity_shape(digits):
        return Kind.IDENTITY, is_identity(digits)
    if is_credit_code(digits):
        return Kind.CREDIT_CODE, True
    if 16 <= len(digits) <= 19 and digits.isdecimal() and passes_luhn(digits):
        return Kind.BANK_CARD, True
    return Kind.NUMBER, False


def _card(found: str) -> tuple[Kind, bool] | None:
    return Kind.BANK_CARD, passes_luhn(re.sub("[ -]", "", found))


def _credit_code(found: str) -> tuple[Kind, bool] | None:
    if found[:17].isdecimal():
        return None  # a long number
    if is_credit_code(found):
        return Kind.CREDIT_CODE, True
    looks_like_one = found[0] in "159ANYany" and found[1] in "1239" and found[2:8].isdecimal() and not found.isalpha()
    return (Kind.CREDIT_CODE, False) if looks_like_one else None


def _home(found: str) -> tuple[Kind, bool] | None:
    if _ANYWHERE.match(found) or not _SOMEWHERE.search(found) or mask_address(found) == found:
        return None
    return Kind.ADDRESS, True


RULES: Sequence[tuple[re.Pattern[str], Judge]] = (
    (_MAIL, _always(Kind.EMAIL)),
    (_ACCOUNT, _always(Kind.ACCOUNT)),
    (_CODE, _credit_code),
    (_CARD, _card),
    (_LONG, _long_number),
    (_MOBILE, _always(Kind.PHONE)),
    (_LANDLINE, _always(Kind.PHONE)),
    (_LOCAL, _always(Kind.PHONE)),
    (_ENDING, _always(Kind.NUMBER, certain=False)),
    (_PLATE, _always(Kind.PLATE)),
    (_PLATED, _always(Kind.PLATE)),
    (_PAPER, _always(Kind.NUMBER, certain=False)),
    (_TITLE_DEED, _always(Kind.NUMBER)),
    (_COMPLAINT, _always(Kind.NUMBER)),
    (_LIVES, _home),
    (_HOME, _always(Kind.ADDRESS)),
    (_DOOR, _always(Kind.ADDRESS)),
    (_GROUP, _always(Kind.ADDRESS)),
)
"""What is found by its shape; of two that overlap the first stands."""


def spelt_out(text: str) -> Iterator[re.Match[str]]:
    """Where a mobile phone is spelt out in Chinese numerals, in the group `it`; any other is a rule's."""
    yield from _SPELT.finditer(text.translate(_SPOKEN))


def instead_of(kind: Kind, found: str) -> str:
    """What stands instead; of where somebody lives, the township stays."""
    return mask_address(found).replace(HIDDEN, MARKS[kind]) if kind is Kind.ADDRESS else MARKS[kind]
