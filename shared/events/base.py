"""What every event is: one record, in one envelope (CloudEvents 1.0, structured JSON).

The fields of `Event` travel as attributes of the envelope, those of its subclasses as `data`. A class is declared
once, in the place of its publisher, and is found again by its type and version.
"""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Self

import orjson
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.ids import new_id
from shared.workdays import CHINA

Moment = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(CHINA))]
"""An instant, always in Asia/Shanghai."""

CONTENT_TYPE = "application/cloudevents+json"
ENVELOPE = frozenset({"event_id", "at", "center", "subject", "caused_by"})

_known: dict[str, type["Event"]] = {}


class Fact(BaseModel):
    """A value inside an event."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Fact):
    """Something that has happened, told to whoever listens.

    Subclass with `type="<noun>.<past-verb>"` and, when its shape changes, `version=2` beside the first.
    """

    type: ClassVar[str]
    version: ClassVar[int]
    publisher: ClassVar[str]

    event_id: str = Field(default_factory=new_id)
    at: Moment
    """When it happened, by the business clock."""
    center: str
    """The center in whose name it happened; part of the routing key."""
    subject: str
    """The aggregate it happened to: a complaint's id, or a code."""
    caused_by: str | None = None
    """The event that led to this one."""

    def __init_subclass__(cls, **_: Any) -> None:
        """Leave the class's type and version to pydantic's own hook, which runs when its fields are known."""
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(cls, *, type: str = "", version: int = 1, **kwargs: Any) -> None:  # noqa: A002
        """Enter the class in the list of known events; one without a type is only what several of them share."""
        super().__pydantic_init_subclass__(**kwargs)
        if not type:
            return
        cls.type, cls.version = type, version
        cls.publisher = _publisher_of(cls.__module__)
        if _known.setdefault(cls.full_type(), cls) is not cls:
            raise TypeError(f"{cls.full_type()} is declared twice")

    @classmethod
    def full_type(cls) -> str:
        """`<noun>.<past-verb>.v<n>`."""
        return f"{cls.type}.v{cls.version}"

    @property
    def routing_key(self) -> str:
        """`<noun>.<past-verb>.v<n>.<center>`."""
        return f"{self.full_type()}.{self.center}"

    def to_wire(self) -> bytes:
        """The event as a CloudEvent in structured JSON."""
        envelope: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.event_id,
            "source": f"/yousu/{self.publisher}",
            "type": f"yousu.{self.full_type()}",
            "subject": self.subject,
            "time": self.at.isoformat(),
            "datacontenttype": "application/json",
            "dataschema": f"urn:yousu:{self.full_type()}",
            "center": self.center,
        }
        if self.caused_by:
            envelope["causationid"] = self.caused_by
        envelope["data"] = self.model_dump(mode="json", exclude=set(ENVELOPE))
        return orjson.dumps(envelope)

    @classmethod
    def data_schema(cls) -> dict[str, Any]:
        """The JSON Schema of the event's `data`."""
        schema = cls.model_json_schema(mode="serialization")
        schema["properties"] = {k: v for k, v in schema.get("properties", {}).items() if k not in ENVELOPE}
        schema["required"] = sorted(set(schema.get("required", [])) - ENVELOPE)
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:yousu:{cls.full_type()}",
            **schema,
        }

    @classmethod
    def follows(cls, cause: "Event", **data: Any) -> Self:
        """The event that this cause led to: same aggregate, center and instant unless said otherwise."""
        return cls(
            **{"at": cause.at, "center": cause.center, "subject": cause.subject, "caused_by": cause.event_id} | data
        )


def _publisher_of(module: str) -> str:
    """`dispatch` of `shared.events.dispatch.review`; elsewhere the module's own name."""
    _, _, place = module.partition(f"{__package__}.")
    return place.partition(".")[0] or module.rpartition(".")[2]


class Undecodable(Exception):
    """These bytes are no event we know: not JSON, not a CloudEvent, an unknown type, or data of another shape."""


def from_wire(body: bytes) -> Event:
    """The event these bytes hold; raises `Undecodable`."""
    try:
        envelope = orjson.loads(body)
        kind = _known[str(envelope["type"]).removeprefix("yousu.")]
        return kind.model_validate(
            {
                **envelope["data"],
                "event_id": envelope["id"],
                "at": envelope["time"],
                "center": envelope["center"],
                "subject": envelope["subject"],
                "caused_by": envelope.get("causationid"),
            }
        )
    except ValidationError as error:
        raise Undecodable(f"{envelope['type']}: {error.error_count()} faults, first {error.errors()[0]}") from error
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise Undecodable(f"{type(error).__name__}: {error}") from error


def known_events() -> dict[str, type[Event]]:
    """Every declared event by its full type."""
    return dict(sorted(_known.items()))


def happened(at: datetime, event_id: str) -> tuple[datetime, str]:
    """The key that puts events in the order they happened (event time, then id)."""
    return at, event_id
