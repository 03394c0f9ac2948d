"""What must be known to tell anyone of a complaint, and what a notice is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.notify.domain.recipients import Recipient
from shared.events.dispatch import Stage

Names = Mapping[str, str]
"""What departments and centers are called, by code; a code nobody has named stands for itself."""


@dataclass(frozen=True)
class Notice:
    """One thing to tell one recipient. `template` is `<recipient kind>.<what>`; nothing in `params` is personal."""

    recipient: Recipient
    template: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class Matter:
    """What must be known of a complaint to tell anyone of it."""

    number: str
    source: str
    source_ref: str
    handling_center: str
    confidential: bool = False
    about: str | None = None
    in_reply_to: str | None = None
    """The channel's message that brought it in."""


class Began(StrEnum):
    """What opened a leg: a dispatch makes it an assignment; after the others its due date is all there is to tell."""

    DISPATCHED = "dispatched"
    REPLIED = "replied"
    REDONE = "redone"


@dataclass(frozen=True)
class OpenLeg:
    """A leg, and who handles it (codes of departments)."""

    began: Began
    stage: Stage
    lead: str
    co_handlers: tuple[str, ...] = ()
    instructions: str | None = None
    round: int = 1

    @property
    def parties(self) -> tuple[str, ...]:
        """The lead, then the co-handlers."""
        return (self.lead, *self.co_handlers)


def tell(recipients: Recipient | Iterable[Recipient], what: str, **params: str) -> list[Notice]:
    """The same notice for each of them."""
    chosen = [recipients] if isinstance(recipients, Recipient) else recipients
    return [Notice(recipient, f"{recipient.kind}.{what}", params) for recipient in chosen]


def hidden_from(matter: Matter, codes: Iterable[str], names: Names) -> frozenset[str]:
    """The departments that must not see who complained: of a confidential complaint, those it is about (mechanism §2).

    `about` is what the petitioner wrote, a department or a person. Where it names no department of the house, any of
    them may be meant, and the petitioner is hidden from all.
    """
    if not matter.confidential:
        return frozenset()
    meant = {code for code, name in names.items() if matter.about and _mentions(matter.about, code, name)}
    return frozenset(codes) & meant if meant else frozenset(codes)


def _mentions(about: str, code: str, name: str) -> bool:
    return about in (code, code.partition("/")[2]) or name in about or (len(about) > 1 and about in name)
