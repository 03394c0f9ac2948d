"""The ledger as it is printed: annex 3 on A3 landscape, the same bytes for the same rows."""

from collections.abc import Iterable, Sequence
from importlib import resources

from services.intake.api.workbook import CREATED
from services.intake.domain.annex import HEADINGS, NOTES, TITLE, Cells
from shared.papers.kinds import Kind
from shared.papers.printing import Sheets
from shared.refusals import FieldFault, Invalid

MOST_ROWS = 3_000
"""In one printing at the door: some three hundred sheets; an export from a page takes its time, and more."""
_LAYOUT = resources.files("services.intake") / "templates" / "papers" / "ledger.typ"


def ledger_sheets(rows: Iterable[Cells], mark: str | None = None) -> Sheets:
    """The rows as they are laid out, with the watermark of a person who takes them out."""
    cells = [[str(row[heading]) for heading in HEADINGS] for row in rows]
    sheet = {"title": TITLE, "headings": HEADINGS, "notes": NOTES, "rows": cells}
    return Sheets(Kind.LEDGER, _LAYOUT, (sheet,), CREATED, mark=mark)


def must_be_printable(rows: Sequence[Cells]) -> None:
    """Refuse to print at once what takes long."""
    if len(rows) > MOST_ROWS:
        sentence = f"这里一次最多打印{MOST_ROWS}件，请用起止日期分段打印，或在台账页面导出。"
        raise Invalid("too-many-rows", sentence, [FieldFault("from", sentence)])
