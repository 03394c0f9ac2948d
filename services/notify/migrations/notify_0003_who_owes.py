"""Which co-handlers owe an answer no more: only who owes is told by when."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "notify_0003"
down_revision: str | None = "notify_0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Column by column: SQLite would remake the table.
    op.add_column("orders", sa.Column("ceased", sa.JSON(), nullable=True))
    op.add_column("orders", sa.Column("owed_anew", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("orders", "owed_anew")
    op.drop_column("orders", "ceased")
