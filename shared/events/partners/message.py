"""What every message to a partner is: one record, as a CloudEvent."""

from datetime import datetime
from typing import Any, ClassVar

import orjson

from shared.events.base import Fact

_known: dict[str, type["PartnerMessage"]] = {}


class PartnerMessage(Fact):
    """The `data` of a message to a partner; `type` names it on the wire."""

    type: ClassVar[str]
    version: ClassVar[int]

    def __init_subclass__(cls, **_: Any) -> None:
        """Leave the class's type to pydantic's own hook."""
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(cls, *, type: str = "", version: int = 1, **kwargs: Any) -> None:  # noqa: A002
        """Enter the class in the list of what partners may get."""
        super().__pydantic_init_subclass__(**kwargs)
        if type:
            cls.type, cls.version = type, version
            if _known.setdefault(cls.full_type(), cls) is not cls:
                raise TypeError(f"{cls.full_type()} is declared twice")

    @classmethod
    def full_type(cls) -> str:
        """`<noun>.<past-verb>.v<n>`."""
        return f"{cls.type}.v{cls.version}"

    def to_wire(self, message_id: str, at: datetime, center: str, subject: str) -> bytes:
        """The message as a CloudEvent in structured JSON."""
        return orjson.dumps(
            {
                "specversion": "1.0",
                "id": message_id,
                "source": "/yousu/notify",
                "type": self.type,
                "subject": subject,
                "time": at.isoformat(),
                "datacontenttype": "application/json",
                "dataschema": f"urn:yousu:partners:{self.full_type()}",
                "center": center,
                "data": self.model_dump(mode="json"),
            }
        )


def messages_out() -> dict[str, type[PartnerMessage]]:
    """Everything a partner may get, by its full type."""
    return dict(sorted(_known.items()))
