"""The system of record, outside the platform: what the parties have sent, and what was acknowledged."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BufferedWriter
from pathlib import Path
from typing import Any

import orjson


@dataclass
class Deed:
    """One thing a party did. `mark` stands in what it wrote, and nowhere else."""

    loop: str
    step: str
    mark: str
    sent_at: datetime
    """The drill's time when it was first sent."""
    acknowledged_at: datetime | None = None
    how: str = ""
    """`answer`; `seen`, when no answer came and the house then showed that it was done; `confirmed` by the broker."""
    tries: int = 0

    def may_have_been_done(self, at: datetime) -> bool:
        """Whether that is not before it was sent; nor after it was acknowledged, unless only its receipt was."""
        done_by = None if self.how == "confirmed" else self.acknowledged_at
        return self.sent_at <= at and (done_by is None or at <= done_by)


class Ledger:
    """Every deed, in memory and, before anything is sent, in its file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BufferedWriter = path.open("wb")
        self.deeds: dict[tuple[str, str], Deed] = {}
        self.receipts: dict[str, dict[str, str]] = {}
        """By loop: the number, the id and the query code its petitioner was told."""
        self.findings: list[str] = []
        """What a party was told that no party should be."""

    def send(self, loop: str, step: str, mark: str, now: datetime) -> Deed:
        """Something is about to be sent, for the first time or again."""
        deed = self.deeds.setdefault((loop, step), Deed(loop, step, mark, now))
        deed.tries += 1
        if deed.tries == 1:
            self._write("sent", asdict(deed))
        return deed

    def acknowledge(self, deed: Deed, now: datetime, how: str) -> None:
        """It was done."""
        deed.acknowledged_at, deed.how = now, how
        self._write("acknowledged", asdict(deed))

    def receive(self, loop: str, receipt: dict[str, str]) -> None:
        """The petitioner has a number; told again, it must be the same."""
        before = self.receipts.setdefault(loop, receipt)
        if before != receipt:
            self.find(f"{loop}: told {before['number']} and then {receipt['number']}")
        self._write("receipt", {"loop": loop, **receipt})

    def find(self, what: str) -> None:
        """Note something no party should be told."""
        self.findings.append(what)
        self._write("finding", {"what": what})

    def of(self, loop: str) -> Iterable[Deed]:
        """The deeds of one loop."""
        return (deed for (whose, _), deed in self.deeds.items() if whose == loop)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, what: str, told: dict[str, Any]) -> None:
        self._file.write(orjson.dumps({"what": what, **told}) + b"\n")
        self._file.flush()
