"""withdrawn notices."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import shared.db

revision: str = "directory_0004"
down_revision: str | None = "directory_0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("holiday_notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", shared.db.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_because", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("holiday_notices", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_because")
        batch_op.drop_column("withdrawn_by")
        batch_op.drop_column("withdrawn_at")
