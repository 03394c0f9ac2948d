"""when the letters about a report were all signed; what was joined to an order last."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import shared.db

revision: str = "dispatch_0013"
down_revision: str | None = "dispatch_0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_REPORTED = sa.text("rung = 'reported'")
_UNSIGNED = sa.text("rung = 'reported' AND signed_at IS NULL")
_SIGNED = """
    UPDATE rungs SET signed_at = (
        SELECT CASE WHEN count(*) = 3 THEN max(issued_papers.issued_at) END FROM issued_papers
        WHERE issued_papers.subject = rungs.complaint_id AND issued_papers.occasion = 'leg-' || rungs.leg
        AND issued_papers.kind IN ('circular', 'report', 'copy')
    ) WHERE rung = 'reported'
"""


def upgrade() -> None:
    # Column by column: SQLite would remake the table.
    op.add_column("orders", sa.Column("last_joined", sa.String(length=36), nullable=True))
    op.add_column("rungs", sa.Column("signed_at", shared.db.Instant(timezone=True), nullable=True))
    if sa.inspect(op.get_bind()).has_table("issued_papers"):  # the kernel's; a new store may not have it yet
        op.execute(sa.text(_SIGNED))
    op.drop_index("rungs_reported", table_name="rungs")
    op.create_index("rungs_unsigned", "rungs", ["complaint_id"], postgresql_where=_UNSIGNED, sqlite_where=_UNSIGNED)


def downgrade() -> None:
    op.drop_index("rungs_unsigned", table_name="rungs")
    op.create_index("rungs_reported", "rungs", ["complaint_id"], postgresql_where=_REPORTED, sqlite_where=_REPORTED)
    op.drop_column("rungs", "signed_at")
    op.drop_column("orders", "last_joined")
