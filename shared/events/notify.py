"""What notify announces: a message could not be delivered by any means. `subject` is the complaint's id."""

from shared.events.base import Event


class MessageFailed(Event, type="message.failed"):
    """A message's final state is failure; it stays visible until someone has told the recipient otherwise."""

    message_id: str
    recipient: str
    about: str
    error: str
