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
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("committed_by", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("recommitted_at", shared.db.Instant(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.drop_column("recommitted_at")
        batch_op.drop_column("committed_by")
