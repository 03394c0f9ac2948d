"""Who guesses is slowed down: at a login, and with a session that may be stolen at what one logs in with."""

from shared.refusals import Refusal
from shared.security.sessions import Origin, Sessions, digest
from shared.security.throttle import Limit, Throttle
from shared.settings import settings


async def at_login(throttle: Throttle, username: str, origin: Origin) -> tuple[Limit, ...]:
    """A name from an address, an address for any name, and a name from anywhere: the last not where it is at home.

    So nobody who guesses at a name elsewhere keeps its owner out.
    """
    tries, name = settings().login_tries, head(username)
    here = _here(username, origin)
    limits = (here, Limit(f"login:@{origin.line}", tries * 20))
    return limits if await throttle.is_at_home(here) else (*limits, Limit(name, tries * 4))


async def came_in(throttle: Throttle, username: str, origin: Origin) -> None:
    """It was right: what was counted here is forgotten, and the name is at home here."""
    await throttle.forget(_here(username, origin))
    await throttle.be_at_home(_here(username, origin))


def _here(username: str, origin: Origin) -> Limit:
    return Limit(f"{head(username)}@{origin.line}", settings().login_tries)


def head(username: str) -> str:
    """What the keys of a name's own limits begin with."""
    return f"login:{digest(username.lower())[:32]}"


class Own:
    """One's own password or code, asked for again: a wrong one is refused by `wrong`, too many before they are read."""

    def __init__(self, sessions: Sessions, username: str) -> None:
        self._throttle = sessions.throttle
        self._limit = Limit(f"{head(username)}/own", settings().login_tries)

    async def must_be_open(self) -> None:
        """Raise `TooMany` while one has to wait; ask while the account is held, so that many at a time are no way."""
        await self._throttle.must_be_open(self._limit)

    async def wrong(self, refusal: Refusal) -> Refusal:
        """This refusal, counted."""
        await self._throttle.failed(self._limit)
        return refusal

    async def right(self) -> None:
        """What was counted is forgotten."""
        await self._throttle.forget(self._limit)
