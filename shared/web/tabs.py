"""The main menu: which desks there are, and who sees them. The first tab someone sees is where that one begins.

A tab is seen by whoever may do its action, which is the action of the page it leads to (a test compares). `key` is what
that page hands to `pages.show(…, tab=…)`. `counted` names the service whose `/fragments/counts` tells how many wait
there; `shared.web.pages.counts` words the answer.
"""

from dataclasses import dataclass

from shared.security.roles import Action, Actor, allowed
from shared.settings import settings


@dataclass(frozen=True)
class Tab:
    """An entry of the main menu."""

    key: str
    label: str
    href: str
    action: Action
    counted: str | None = None


TABS = (
    Tab("ledger", "工作台账", "/intake/ledger", Action.READ_LEDGER),
    Tab("audit", "审计日志", "/intake/audit", Action.READ_AUDIT),
)
"""In the order they are shown, so in the order of a complaint's way."""


def tabs_of(actor: Actor) -> list[Tab]:
    """What this actor sees."""
    return [tab for tab in TABS if allowed(actor, tab.action, sample=settings().sample)]


def first_page(actor: Actor) -> str | None:
    """Where this actor begins; None where there is nothing to see without logging in."""
    return next((tab.href for tab in tabs_of(actor)), None)
