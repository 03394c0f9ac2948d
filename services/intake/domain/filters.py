"""Which rows of the ledger are asked for: by what stands in them, at an instant."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.number import NUMBER, as_typed
from services.intake.domain.row import Row
from services.intake.domain.states import State
from services.intake.domain.submission import Category
from shared.events.dispatch import Final
from shared.events.intake import Triage
from shared.events.sla import Rung


@dataclass(frozen=True)
class Filter:
    """All that is given must hold; what is None is not looked at. The store asks its rows the same."""

    triage: Triage | None = None
    category: Category | None = None
    source: str | None = None
    department: str | None = None
    """One that has it, as the lead or as a co-handler: `<center>/<code>`."""
    state: State | None = None
    final: Final | None = None
    overdue: bool | None = None
    """Whether an answer was late, or is by now."""
    rung: Rung | None = None
    """The highest rung reached."""
    text: str | None = None
    """A number, or words of the content."""

    def fits(self, row: Row, now: datetime) -> bool:
        """Whether this row is asked for."""
        looked_at = (
            (self.triage, row.triage),
            (self.category, row.category),
            (self.source, row.source),
            (self.state, row.state),
            (self.final, row.final),
            (self.overdue, row.is_overdue(now)),
            (self.rung, row.rung),
        )
        if any(wanted not in (None, found) for wanted, found in looked_at):
            return False
        return (self.department is None or self.department in row.departments) and self._says(row)

    @property
    def number(self) -> str | None:
        """The number that the text is, if it is one: then nothing else is looked at."""
        number = as_typed(self.text) if self.text else ""
        return number if NUMBER.fullmatch(number) else None

    def _says(self, row: Row) -> bool:
        if self.text is None:
            return True
        return row.number == self.number if self.number else self.text.lower() in row.content.lower()
