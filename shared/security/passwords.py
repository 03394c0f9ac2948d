"""Passwords: argon2id, off the event loop (it is meant to be slow)."""

import asyncio
from contextlib import suppress
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
    """Whether this is the password; a wrong one takes as long for every account, and for one that there is not."""
    return await asyncio.to_thread(_fits, password, kept) and kept is not None


def _fits(password: str, kept: str | None) -> bool:
    try:
        return _hasher.verify(kept or _nobody(), password)
    except VerificationError:
        # One that was hashed quickly would say no so soon only where somebody waits for a first login.
        if kept and _hasher.check_needs_rehash(kept):
            with suppress(VerificationError):
                _hasher.verify(_nobody(), password)
        return False
