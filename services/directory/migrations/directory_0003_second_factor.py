"""second factor, passwords to be changed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "directory_0003"
down_revision: str | None = "directory_0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("totp_secret", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("totp_step", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("recovery", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        for name in ("recovery", "totp_step", "totp_secret", "must_change"):
            batch_op.drop_column(name)
