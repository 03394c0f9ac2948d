"""Writes the golden files: `python -m tests.contracts.goldens`, after a new event or a new version of one.

A golden is one full example of an event as it travels. One that is there is never rewritten: old messages still look
like it, whatever the code says now. To change an unreleased event, delete its golden first.
"""

import json
from pathlib import Path

from shared.events import Event
from shared.events.catalogue import as_text, contracts
from tests.support.examples import example

FOLDER = Path(__file__).parent / "golden"


def golden_of(event: type[Event]) -> Path:
    """Where an event's golden lies."""
    return FOLDER / f"{event.full_type()}.json"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for event in contracts().values():
        path = golden_of(event)
        if not path.exists():
            path.write_text(as_text(json.loads(example(event).to_wire())))


if __name__ == "__main__":
    main()
