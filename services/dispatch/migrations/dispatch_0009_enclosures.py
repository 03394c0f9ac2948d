"""Files that departments add to their orders."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import shared.db

revision: str = "dispatch_0009"
down_revision: str | None = "dispatch_0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "enclosures",
        sa.Column("enclosure_id", sa.String(length=36), nullable=False),
        sa.Column("complaint_id", sa.String(length=36), nullable=False),
        sa.Column("at", shared.db.Instant(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("center", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["orders.complaint_id"]),
        sa.PrimaryKeyConstraint("enclosure_id"),
    )
    op.create_index("ix_enclosures_complaint_id", "enclosures", ["complaint_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_enclosures_complaint_id", table_name="enclosures")
    op.drop_table("enclosures")
