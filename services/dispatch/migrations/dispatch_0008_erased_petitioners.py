"""A petitioner can be erased: nothing is left of it then, not even a sealed name."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "dispatch_0008"
down_revision: str | None = "dispatch_0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("petitioners", schema=None) as batch_op:
        batch_op.alter_column("name", existing_type=sa.Text(), nullable=True)


def downgrade() -> None:
    with op.batch_alter_table("petitioners", schema=None) as batch_op:
        batch_op.alter_column("name", existing_type=sa.Text(), nullable=False)
