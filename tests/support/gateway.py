"""A gateway for messages, to be connected in a test."""

from collections.abc import Mapping, Sequence

from services.notify.domain.means import Letter, Provider


class Gateway(Provider):
    """An SMS gateway: remembers what it was given, and answers what it is told to."""

    def __init__(self) -> None:
        self.delivered: list[Letter] = []
        self.answer: str | None = None
        self.breaks = False

    async def deliver(self, letters: Sequence[Letter]) -> Mapping[str, str | None]:
        self.delivered += letters
        if self.breaks:
            raise ConnectionError("no route to the gateway")
        return {letter.message_id: self.answer for letter in letters}
