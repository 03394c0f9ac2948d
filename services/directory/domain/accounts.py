"""What a password must be."""

from shared.refusals import FieldFault, Invalid

SHORTEST = 10


def must_be_a_password(password: str, username: str) -> None:
    """Refuse one that is short, of one kind of characters, or the name itself."""
    faults = []
    if len(password) < SHORTEST:
        faults.append(FieldFault("password", f"密码至少{SHORTEST}位。"))
    if password.isdecimal() or password.isalpha():
        faults.append(FieldFault("password", "密码应同时含有字母和数字或符号。"))
    if username.lower() in password.lower():
        faults.append(FieldFault("password", "密码不能含有用户名。"))
    if faults:
        raise Invalid("weak-password", "密码过于简单，请按提示更换。", faults)
