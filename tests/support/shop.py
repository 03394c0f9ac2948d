"""Events for testing the kernel only: what a shop announces. No service publishes or hears them."""

from shared.events.base import Event, Moment


class BasketOpened(Event, type="basket.opened"):
    """A basket; `subject` is its id in all these events."""


class ItemAdded(Event, type="item.added"):
    """Something was put into a basket."""

    price: int


class BasketPaid(Event, type="basket.paid"):
    """Heard by nobody: there is no queue for it."""

    paid_at: Moment | None = None
