"""The ledger as it is printed: annex 3 on A3 landscape, the same bytes for the same rows."""

from collections.abc import Sequence
from importlib import resources

from services.intake.api.workbook import CREATED
from services.intake.domain.annex import HEADINGS, NOTES, TITLE, Cells
from shared.papers.kinds import Kind
from shared.papers.printing import Sheets
from shared.refusals import FieldFault, Invalid

MOST_ROWS = 3_000
"""In one printing: some three hundred sheets."""
_LAYOUT = resources.files("services.intake") / "templates" / "papers" / "ledger.typ"


def ledger_sheets(rows: Sequence[Cells]) -> Sheets:
    """The rows as they are laid out; refuses more than anybody prints."""
    if len(rows) > MOST_ROWS:
        sentence = f"台账一次最多打印{MOST_ROWS}件，请用起止日期分段打印，或导出 Excel。"
        raise Invalid("too-many-rows", sentence, [FieldFault("from", sentence)])
    cells = [[str(row[heading]) for heading in HEADINGS] for row in rows]
    sheet = {"title": TITLE, "headings": HEADINGS, "notes": NOTES, "rows": cells}
    return Sheets(Kind.LEDGER, _LAYOUT, (sheet,), CREATED)
