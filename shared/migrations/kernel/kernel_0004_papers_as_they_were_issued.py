"""papers are printed as they were issued: with the petitioner, the layout and the template of that day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "kernel_0004"
down_revision: str | None = "kernel_0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("issued_papers", sa.Column("layout", sa.String(length=36), nullable=True))
    op.add_column("issued_papers", sa.Column("petitioner", sa.JSON(), nullable=True))
    op.create_table(
        "shipped_forms",
        sa.Column("form_id", sa.String(length=36), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("form_id"),
    )


def downgrade() -> None:
    op.drop_table("shipped_forms")
    with op.batch_alter_table("issued_papers", schema=None) as batch_op:
        batch_op.drop_column("petitioner")
        batch_op.drop_column("layout")
