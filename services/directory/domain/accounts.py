"""What a password must be."""

from shared.refusals import FieldFault, Invalid


def must_be_a_password(password: str, username: str, shortest: int, *, field: str = "password") -> None:
    """Refuse one that is short, of one kind of characters, or the name itself."""
    faults = []
    if len(password) < shortest:
        faults.append(FieldFault(field, f"密码至少{shortest}位。"))
    if password.isdecimal() or password.isalpha():
        faults.append(FieldFault(field, "密码应同时含有字母和数字或符号。"))
    if username.lower() in password.lower():
        faults.append(FieldFault(field, "密码不能含有用户名。"))
    if faults:
        raise Invalid("weak-password", "密码过于简单，请按提示更换。", faults)
