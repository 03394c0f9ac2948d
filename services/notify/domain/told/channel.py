"""What the channel that handed a complaint over is told."""

from services.notify.domain import words
from services.notify.domain.facts import Matter, Notice, tell
from services.notify.domain.recipients import channels
from shared.events.dispatch import ReplyKind


def to_channel(matter: Matter, what: str, **params: str) -> list[Notice]:
    """A notice to it, by its own reference; nobody where it came in at the center's own window or pages."""
    return tell(channels(matter.source), what, source_ref=matter.source_ref, **params)


def answer_to_channel(matter: Matter, kind: ReplyKind, text: str) -> list[Notice]:
    """The answer that the petitioner is given."""
    return to_channel(matter, "replied", number=matter.number, kind=words.REPLY[kind], text=text)
