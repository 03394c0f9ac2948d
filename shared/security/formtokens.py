"""What shows that a form, or a word to be shown once, came from this house: an HMAC, with nothing kept of it.

A form's token is bound to the session it was shown in, so no other site, and no other session, can make one.
"""

import base64
import hashlib
import hmac

SEPARATOR = "."


class FormTokens:
    """Makes and reads them. `key` is as of `YOUSU_PHONE_INDEX_KEY`; phones are marked apart."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.new(key, b"yousu form tokens", hashlib.sha256).digest()

    def of(self, session: str) -> str:
        """The token for the forms of this session."""
        return self._mark("form", session)

    def is_of(self, token: str, session: str) -> bool:
        """Whether it is the token of this session's forms."""
        return hmac.compare_digest(token.encode(), self.of(session).encode())

    def signed(self, text: str, purpose: str = "text") -> str:
        """A text that its reader carries, so that it cannot be another's; safe in a cookie."""
        packed = base64.urlsafe_b64encode(text.encode()).decode()
        return f"{packed}{SEPARATOR}{self._mark(purpose, packed)}"

    def read(self, signed: str, purpose: str = "text") -> str | None:
        """What `signed` made for this purpose; None for anything else."""
        packed, _, mark = signed.partition(SEPARATOR)
        if not hmac.compare_digest(mark.encode(), self._mark(purpose, packed).encode()):
            return None
        return base64.urlsafe_b64decode(packed).decode()

    def _mark(self, purpose: str, text: str) -> str:
        digest = hmac.new(self._key, f"{purpose}/{text}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
