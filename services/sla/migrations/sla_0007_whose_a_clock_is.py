"""whose a clock is: its departments, and the levels that were told of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "sla_0007"
down_revision: str | None = "sla_0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parties", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("levels", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.drop_column("levels")
        batch_op.drop_column("parties")
