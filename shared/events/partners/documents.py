"""The JSON Schemas of all of them."""

from typing import Any

from shared.events.partners.incoming import MESSAGES_IN
from shared.events.partners.message import messages_out


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each message's `data`, by the name of its file."""
    out = {f"{name}.json": kind.model_json_schema(mode="serialization") for name, kind in messages_out().items()}
    incoming = {f"{name}.json": kind.model_json_schema() for name, kind in MESSAGES_IN.items()}
    return {
        name: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:yousu:partners:{name.removesuffix('.json')}",
            **schema,
        }
        for name, schema in (out | incoming).items()
    }
