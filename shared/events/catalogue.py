"""The contracts as documents for others to read: a JSON Schema of each event, and one AsyncAPI 3 document of them all.

`python -m shared.events.catalogue` writes the schemas; with who listens to what, which no one here may know, `yousu
contracts` writes both. They are committed: a published version never changes its shape, a new one stands beside it.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shared.events import CONTENT_TYPE, Event, known_events, partners
from shared.messaging.topology import EVENTS, binding_of, listeners, queue_of

FOLDER = Path(__file__).parent / "schemas"
ASYNCAPI = "asyncapi.json"
PARTNERS = "partners"

_TEXT = {"type": "string"}
_ENVELOPE: dict[str, Any] = {
    "type": "object",
    "description": "A CloudEvent; `center` and `causationid` (the event that led to it) are extensions of ours.",
    "required": ["specversion", "id", "source", "type", "subject", "time", "center", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {**_TEXT, "description": "Also the AMQP message_id."},
        "source": _TEXT,
        "type": _TEXT,
        "subject": _TEXT,
        "time": {**_TEXT, "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": _TEXT,
        "center": _TEXT,
        "causationid": _TEXT,
        "data": {"type": "object"},
    },
}

Documents = Mapping[str, dict[str, Any]]
"""Documents by the name of their file."""


def contracts() -> dict[str, type[Event]]:
    """Every event that the house publishes, by its full type (tests have some of their own)."""
    return {name: event for name, event in known_events().items() if event.__module__.startswith("shared.events.")}


def schemas() -> Documents:
    """The JSON Schema of each event's `data`."""
    return {f"{name}.json": event.data_schema() for name, event in contracts().items()}


def partner_schemas() -> Documents:
    """The JSON Schema of each message that partners read or write; in a folder of their own, for names may repeat."""
    return {f"{PARTNERS}/{name}": schema for name, schema in partners.schemas().items()}


def asyncapi(heard: Mapping[str, Iterable[type[Event]]]) -> dict[str, Any]:
    """The AsyncAPI document: what is published under which routing key, and who of these services listens."""
    hears = listeners(heard)
    events = contracts()
    operations: dict[str, Any] = {}
    for name, event in events.items():
        operations[f"{event.publisher}.announces.{name}"] = _operation("send", name, event.publisher)
        for service in sorted(hears.get(name, ())):
            operations[f"{service}.hears.{name}"] = _operation("receive", name, service, queue=queue_of(service))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Yousu events",
            "version": "1",
            "description": "What the services of Yousu tell each other, as CloudEvents 1.0 in structured JSON.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {name: _channel(name, event) for name, event in events.items()},
        "operations": operations,
        "components": {
            "schemas": {"envelope": _ENVELOPE},
            "messages": {name: _message(name, event) for name, event in events.items()},
        },
    }


def documents(heard: Mapping[str, Iterable[type[Event]]]) -> Documents:
    """All of them."""
    return {**schemas(), **partner_schemas(), ASYNCAPI: asyncapi(heard)}


def write(folder: Path, written: Documents) -> None:
    """Write these documents."""
    for name, document in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(as_text(document))


def drifted(folder: Path, current: Documents) -> list[str]:
    """The documents of the folder that are missing, or say something else than the code does now."""
    return [name for name, document in current.items() if not _says(folder / name, document)]


def as_text(document: Mapping[str, Any]) -> str:
    """A document as its file holds it."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _says(path: Path, document: Mapping[str, Any]) -> bool:
    return path.exists() and path.read_text() == as_text(document)


def _channel(name: str, event: type[Event]) -> dict[str, Any]:
    return {
        "address": f"{name}.{{center}}",
        "description": f"Published by {event.publisher}; bound as `{binding_of(event)}`.",
        "parameters": {"center": {"description": "The code of the center in whose name it happened, e.g. `sq`."}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": {"name": EVENTS, "type": "topic", "durable": True}}},
    }


def _operation(action: str, name: str, service: str, queue: str | None = None) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "action": action,
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        "tags": [{"name": service}],
    }
    return operation | ({"description": f"Read from the queue `{queue}`."} if queue else {})


def _message(name: str, event: type[Event]) -> dict[str, Any]:
    return {
        "name": name,
        "title": event.__name__,
        "summary": (event.__doc__ or "").strip().partition("\n")[0],
        "contentType": CONTENT_TYPE,
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/envelope"},
                {
                    "type": "object",
                    "properties": {"type": {"const": f"yousu.{name}"}, "data": {"$ref": f"{name}.json"}},
                },
            ]
        },
    }


if __name__ == "__main__":
    write(FOLDER, schemas())
