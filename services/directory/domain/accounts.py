"""What a password must be: long, of mixed characters, not the name, and none that everybody tries first."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.refusals import FieldFault, Invalid


@dataclass(frozen=True)
class Policy:
    """What is asked of a password here."""

    shortest: int
    refused: Sequence[str] = ()
    """Words that are as good as known here: the office's own name, say."""

    def sentences(self) -> list[str]:
        """As whoever chooses one reads it."""
        own = f"（包括{'、'.join(self.refused)}）" if self.refused else ""
        return [
            f"至少{self.shortest}位。",
            "同时含有字母和数字或符号。",
            "不含用户名。",
            f"不能只由常见的词、连续或重复的字符拼成{own}，例如 Admin@123456、qwe123456。",
        ]


_COMMON = re.findall(
    r"\w+",
    "password passw0rd passwd pass admin administrator root user test guest welcome login letmein master super "
    "system manager default changeme secret temp demo hello iloveyou monkey dragon sunshine princess football "
    "abc abcd qwe qwer qwerty asd asdf zxc zxcv qaz wsx edc rfv 1qaz 2wsx 3edc 4rfv q1w2 e3r4 "
    "woaini woaiwojia aini nihao zhongguo china caonima mima zhanghao 520 521 1314 5201314 1314520 666 888 168 "
    "huawei zhengfu zhengwu youban yousu dangzheng",
)
_LOOKALIKES = str.maketrans("@$013457", "asoleast")
_RUNS = ("01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_LEAST_OWN = 4
"""How many characters must be left when all that is common is taken out."""


def must_be_a_password(password: str, username: str, policy: Policy, *, field: str = "password") -> None:
    """Refuse one that anybody could guess, with every reason."""
    if faults := [FieldFault(field, said) for said in _faults(password, username, policy)]:
        raise Invalid("weak-password", "密码过于简单，请按提示更换。", faults)


def _faults(password: str, username: str, policy: Policy) -> Iterator[str]:
    if len(password) < policy.shortest:
        yield f"密码至少{policy.shortest}位。"
    if password.isdecimal() or password.isalpha():
        yield "密码应同时含有字母和数字或符号。"
    if username.lower() in password.lower():
        yield "密码不能含有用户名。"
    if is_common(password, policy.refused):
        yield "这是常见密码，容易被猜到，请换一个。"


def is_common(password: str, refused: Sequence[str] = ()) -> bool:
    """Whether too little of it is left without common words, runs like 12345 or qwert, and repetitions."""
    typed = password.lower()
    words = sorted({*_COMMON, *(each.lower() for each in refused)}, key=len, reverse=True)
    return any(_own(text, words) < _LEAST_OWN for text in (typed, typed.translate(_LOOKALIKES)))


def _own(text: str, words: Sequence[str]) -> int:
    for word in words:
        text = text.replace(word, " ")
    text = re.sub(r"(.)\1{2,}", " ", text)
    for run in _RUNS:
        for length in range(len(run), 2, -1):
            for begin in range(len(run) - length + 1):
                text = text.replace(run[begin : begin + length], " ")
    return len(set(re.sub(r"[\W_]", "", text)))
