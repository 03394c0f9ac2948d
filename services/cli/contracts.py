"""`yousu contracts`: write the committed contracts anew from the code, or say which have drifted from it."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from services.__main__ import consumer_of
from shared.events import Event, catalogue
from shared.messaging.topology import listeners
from shared.settings import SERVICES

README = Path(__file__).parents[2] / "README.md"
_TABLE = re.compile(r"(?<=<!-- events -->\n).*?(?=<!-- /events -->)", re.DOTALL)


def write_contracts(folder: Path = catalogue.FOLDER, check: bool = False) -> list[str]:
    """What differs from the code, the README's table of events included; written anew, unless this is only a check."""
    heard = {name: list(consumer_of(name).handlers) for name in SERVICES}
    current = catalogue.documents(heard)
    drifted = catalogue.drifted(folder, current)
    readme = README.read_text()
    told = _TABLE.sub(lambda _: table(heard), readme)
    if told != readme:
        drifted.append(README.name)
    if not check:
        catalogue.write(folder, current)
        README.write_text(told)
    return drifted


def table(heard: Mapping[str, Iterable[type[Event]]]) -> str:
    """Publisher, event, listeners and what it says, as a Markdown table."""
    who = listeners(heard)
    rows = ["| from | event | heard by | |", "|---|---|---|---|"]
    for event in sorted(catalogue.contracts().values(), key=lambda event: SERVICES.index(event.publisher)):
        says = (event.__doc__ or "").split("\n")[0].replace("|", "\\|")
        hears = ", ".join(name for name in SERVICES if name in who.get(event.full_type(), ()))
        rows.append(f"| {event.publisher} | `{event.full_type()}` | {hears} | {says} |")
    return "\n".join(rows) + "\n"
