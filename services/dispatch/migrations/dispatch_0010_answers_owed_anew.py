"""What a redo or a reopening begins with: the commitment in working days, and who had answered before; returns."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import shared.db

revision: str = "dispatch_0010"
down_revision: str | None = "dispatch_0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Column by column: SQLite would remake the table.
    op.add_column("orders", sa.Column("commit_within", sa.Integer(), nullable=True))
    op.add_column("legs", sa.Column("returned_at", shared.db.Instant(timezone=True), nullable=True))
    op.add_column("legs", sa.Column("ceased", sa.JSON(), nullable=True))
    op.execute(
        "UPDATE legs SET returned_at = (SELECT max(replies.returned_at) FROM replies"
        " WHERE replies.complaint_id = legs.complaint_id AND replies.leg = legs.number)"
        " WHERE EXISTS (SELECT 1 FROM replies WHERE replies.complaint_id = legs.complaint_id"
        " AND replies.leg = legs.number AND replies.returned_at IS NOT NULL)"
    )


def downgrade() -> None:
    op.drop_column("legs", "ceased")
    op.drop_column("legs", "returned_at")
    op.drop_column("orders", "commit_within")
