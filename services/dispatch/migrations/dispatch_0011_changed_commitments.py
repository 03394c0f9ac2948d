"""Since when a leg's committed date is another."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import shared.db

revision: str = "dispatch_0011"
down_revision: str | None = "dispatch_0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Column by column: SQLite would remake the table, which others refer to.
    op.add_column("legs", sa.Column("committed_by", sa.Integer(), server_default="0", nullable=False))
    op.add_column("legs", sa.Column("recommitted_at", shared.db.Instant(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("legs", "recommitted_at")
    op.drop_column("legs", "committed_by")
