"""Personal data at rest: sealed with AES-256-GCM under a ring of keys, and an index of phones that tells nothing.

A sealed text reads `y1.<key id>.<nonce and ciphertext>`. What it is about (a complaint and a field) is authenticated
with it, so a sealed name copied into another row, or into the address of its own, does not open there.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = "y1"
KEY_BYTES = 32
NONCE_BYTES = 12
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class BadKey(ValueError):
    """A setting that should hold keys does not; the message says what to set, and never repeats a key."""


class SealBroken(Exception):
    """This text was not sealed with these keys, or not about this, or has been changed since."""


def generate_key() -> str:
    """A new key, base64: for `YOUSU_PHONE_INDEX_KEY`, or after `<id>:` for `YOUSU_SEAL_KEYS`."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


class Sealer:
    """Seals with the first key of the ring and opens with all: put a new key first, and old texts still open.

    `keys` is the setting `YOUSU_SEAL_KEYS`: `<id>:<base64 key>`, separated by commas. Raises `BadKey`.
    """

    def __init__(self, keys: str) -> None:
        ring = [_entry(entry.strip(), place) for place, entry in enumerate(keys.split(","), start=1)]
        self._sealing = ring[0][0]
        self._ciphers = {key_id: AESGCM(key) for key_id, key in ring}
        if len(self._ciphers) < len(ring):
            raise BadKey("YOUSU_SEAL_KEYS 中有重复的密钥编号，每个密钥请用不同的编号。")

    def seal(self, text: str, *, about: str) -> str:
        """The text, sealed; twice the same text gives two that differ. Opens only with the same `about`."""
        nonce = os.urandom(NONCE_BYTES)
        ciphertext = self._ciphers[self._sealing].encrypt(nonce, text.encode(), _authenticated(self._sealing, about))
        return f"{VERSION}.{self._sealing}.{base64.urlsafe_b64encode(nonce + ciphertext).decode().rstrip('=')}"

    def open(self, sealed: str, *, about: str) -> str:
        """What was sealed; raises `SealBroken`."""
        version, _, rest = sealed.partition(".")
        key_id, _, body = rest.partition(".")
        cipher = self._ciphers.get(key_id)
        if version != VERSION or cipher is None:
            raise SealBroken("sealed by a version or a key that is not here")
        try:
            held = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
            nonce, ciphertext = held[:NONCE_BYTES], held[NONCE_BYTES:]
            return cipher.decrypt(nonce, ciphertext, _authenticated(key_id, about)).decode()
        except (InvalidTag, ValueError) as broken:
            raise SealBroken("not sealed with this key about this, or changed since") from broken

    def seal_fields(self, fields: Mapping[str, str | None], about: str) -> dict[str, str | None]:
        """Each field sealed about itself; what is None stays None."""
        return {
            name: None if text is None else self.seal(text, about=_field(about, name)) for name, text in fields.items()
        }

    def open_fields(self, fields: Mapping[str, str | None], about: str) -> dict[str, str | None]:
        """What `seal_fields` sealed; raises `SealBroken`."""
        return {
            name: None if text is None else self.open(text, about=_field(about, name)) for name, text in fields.items()
        }

    def open_those_that_can_be(self, fields: Mapping[str, str | None], about: str) -> dict[str, str | None]:
        """What can be opened of what `seal_fields` sealed; None for what cannot."""
        return {name: self._opened_or_none(text, _field(about, name)) for name, text in fields.items()}

    def _opened_or_none(self, text: str | None, about: str) -> str | None:
        try:
            return None if text is None else self.open(text, about=about)
        except SealBroken:
            return None


class PhoneIndex:
    """Finds equal phones without keeping any (HMAC-SHA-256).

    `key` is the setting `YOUSU_PHONE_INDEX_KEY`, base64. Raises `BadKey`.
    """

    def __init__(self, key: str) -> None:
        self._key = _decoded(key.strip(), "YOUSU_PHONE_INDEX_KEY")

    def of(self, normalised_phone: str) -> str:
        """64 hexadecimal digits, the same for the same phone."""
        return hmac.new(self._key, normalised_phone.encode(), hashlib.sha256).hexdigest()


def _field(about: str, name: str) -> str:
    return f"{about}/{name}"


def _authenticated(key_id: str, about: str) -> bytes:
    return f"{VERSION}.{key_id}.{about}".encode()


def _entry(entry: str, place: int) -> tuple[str, bytes]:
    key_id, colon, key = entry.partition(":")
    if not colon or not _KEY_ID.fullmatch(key_id):
        raise BadKey(f"YOUSU_SEAL_KEYS 第{place}项应写成“编号:密钥”，编号只用字母、数字、- 和 _，最多32个。")
    return key_id, _decoded(key, f"YOUSU_SEAL_KEYS 第{place}项（{key_id}）")


def _decoded(key: str, where: str) -> bytes:
    try:
        decoded = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if len(decoded) != KEY_BYTES:
        raise BadKey(f"{where} 的密钥应为{KEY_BYTES}字节的 base64 文本。")
    return decoded
