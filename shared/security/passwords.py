"""Passwords: argon2id, off the event loop (it is meant to be slow)."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

_hasher = PasswordHasher()
_quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hashed(password: str, *, is_quick: bool = False) -> str:
    """What is kept of a password; quick where slowness guards nothing: of a sample, or long and random."""
    return (_quick if is_quick else _hasher).hash(password)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


async def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password; takes as long when there is no such account."""
    try:
        fits = await asyncio.to_thread(_hasher.verify, kept or _nobody(), password)
    except VerificationError:
        return False
    return fits and kept is not None
