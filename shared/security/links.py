"""One-time links: what a petitioner was sent with an end opens the rating of that end, and nothing is kept of it.

A link reads `<complaint's id>.<mark>`; the mark is an HMAC over complaint and end, so it is worked out where it is sent
and again where it is used. Used once: whoever takes the rating keeps that there is one.
"""

import base64
import hashlib
import hmac

MARK_BYTES = 15


class RatingLinks:
    """Makes and reads links to rate an end. `key` is as of `YOUSU_PHONE_INDEX_KEY`; phones are marked apart."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.new(key, b"yousu rating links", hashlib.sha256).digest()

    def of(self, complaint_id: str, closing: str) -> str:
        """The link of this complaint's end (the event that closed it)."""
        mark = hmac.new(self._key, f"{complaint_id}/{closing}".encode(), hashlib.sha256).digest()[:MARK_BYTES]
        return f"{complaint_id}.{base64.urlsafe_b64encode(mark).decode()}"

    def complaint_in(self, link: str) -> str | None:
        """The complaint a link speaks of, whether or not it is a true one; None where it speaks of none."""
        complaint_id, dot, _ = link.partition(".")
        return complaint_id if dot and len(complaint_id) <= 36 else None

    def is_of(self, link: str, complaint_id: str, closing: str) -> bool:
        """Whether it is the link of this end."""
        return hmac.compare_digest(link.encode(), self.of(complaint_id, closing).encode())
