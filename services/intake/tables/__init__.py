"""What intake owns. Personal data is sealed and stands in `petitioners` alone (attachments: in `complaints`)."""

from services.intake.tables.base import Base
from services.intake.tables.complaint import (
    AttachmentRow,
    ComplaintRow,
    CounterRow,
    PetitionerRow,
    ProfileRow,
    RejectedRow,
    SourceRefRow,
)
from services.intake.tables.export import FINISHED, UNFINISHED, ExportFileRow, ExportPartRow, ExportRow
from services.intake.tables.ledger import CalendarRow, FigureRow, JournalRow, LedgerRow, NameRow
from services.intake.tables.sums import ChangeRow, SummedRow, SumRow

__all__ = [
    "FINISHED",
    "UNFINISHED",
    "AttachmentRow",
    "Base",
    "CalendarRow",
    "ChangeRow",
    "ComplaintRow",
    "CounterRow",
    "ExportFileRow",
    "ExportPartRow",
    "ExportRow",
    "FigureRow",
    "JournalRow",
    "LedgerRow",
    "NameRow",
    "PetitionerRow",
    "ProfileRow",
    "RejectedRow",
    "SourceRefRow",
    "SumRow",
    "SummedRow",
]
