"""What a guidance case must not tell: whose it was (mechanism §8). What is struck leaves a mark that can be seen.

Numbers are found by their shape, names only where the text says that they are names: the editor reads it again.
"""

import re

_HALF_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ－", "0123456789Xx-")
_SURNAME = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤]"
)
_CALLED = "我叫|我是|本人|姓名|联系人|来电人|反映人|诉求人|申请人|当事人"

PATTERNS = [
    (re.compile(pattern), mark)
    for pattern, mark in (
        (r"(?<![0-9A-Za-z])[0-9](?:[ -]?[0-9]){13,18}[Xx]?(?![0-9A-Za-z])", "〔证件号码已隐去〕"),
        (r"(?<![0-9])(?:\+?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?![0-9])", "〔电话已隐去〕"),
        (r"(?<![0-9])0[0-9]{2,3}[ -]?[2-9][0-9]{6,7}(?![0-9])", "〔电话已隐去〕"),
        (r"((?:电话|手机|号码)[是为:： ]*)[2-9][0-9]{6,7}(?![0-9])", r"\1〔电话已隐去〕"),
        (r"(?<![a-zA-Z0-9_.+-])[a-zA-Z0-9_.+-]{1,64}@[a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63})+", "〔邮箱已隐去〕"),
        (r"((?:微信|QQ)号?[是为:： ]*)[A-Za-z0-9_-]{5,}", r"\1〔账号已隐去〕"),
        (
            r"(?<=[路街巷村区段组侧东西南北])[0-9]+(?:-[0-9]+)*(?:号院|号楼|单元|号|栋|幢|楼|室|户|[0-9-])+",
            "〔门牌已隐去〕",
        ),
        (rf"((?:{_CALLED})[是为叫:： ]*){_SURNAME}[\u4e00-\u9fff]{{1,2}}(?=[，,。；;、：:！!（(\s]|$)", r"\1某某"),
        (rf"{_SURNAME}[\u4e00-\u9fff]{{0,2}}(先生|女士|师傅|大爷|大娘|大妈|阿姨)", r"某\1"),
    )
]


def stripped(text: str) -> str:
    """The text without identity and card numbers, phones, accounts, house numbers, and names said to be names."""
    text = text.translate(_HALF_WIDTH)
    for pattern, mark in PATTERNS:
        text = pattern.sub(mark, text)
    return text
