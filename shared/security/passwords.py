"""Passwords: argon2id, off the event loop (it is meant to be slow)."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password)


async def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password; takes as long when there is no such account."""
    try:
        fits = await asyncio.to_thread(_hasher.verify, kept or _NOBODY, password)
    except VerificationError:
        return False
    return fits and kept is not None
