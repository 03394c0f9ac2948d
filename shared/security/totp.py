"""One-time passwords by time (RFC 6238: HMAC-SHA-1, six digits, thirty seconds), and codes for a lost device."""

import base64
import hashlib
import hmac
import secrets
import struct
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6
DRIFT = 1
"""How many steps a device's clock may be off."""
RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_secret() -> str:
    """A secret for a device, base32, as such apps take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_of(seconds: float) -> int:
    """The step that a moment lies in, in seconds since 1970."""
    return int(seconds) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """What the device shows in this step."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0xF
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_shown(secret: str, code: str, now: int, last: int) -> int | None:
    """The step in which the device showed this code; None if in none near now, or in one that was used already."""
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > last and hmac.compare_digest(code_of(secret, step).encode(), code.encode()):
            return step
    return None


def address_of(secret: str, username: str, house: str) -> str:
    """What an app can be given instead of typing the secret (otpauth)."""
    return f"otpauth://totp/{quote(house)}:{quote(username)}?secret={secret}&issuer={quote(house)}"


def new_recovery_codes() -> list[str]:
    """Codes that each open once instead of the device's, as `k7m2x-9qp4r`."""
    return ["-".join(_letters() for _ in range(2)) for _ in range(RECOVERY_CODES)]


def _letters() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(5))
