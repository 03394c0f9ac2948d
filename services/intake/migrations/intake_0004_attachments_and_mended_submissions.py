"""attachments, and what became of rejected submissions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import shared.db

revision: str = "intake_0004"
down_revision: str | None = "intake_0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("complaint_id", sa.String(length=36), nullable=False),
        sa.Column("at", shared.db.Instant(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index("ix_attachments_complaint_id", ["complaint_id"], unique=False)

    with op.batch_alter_table("rejected_submissions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mended_as", sa.String(length=36), nullable=True))

    with op.batch_alter_table("ledger_rows", schema=None) as batch_op:
        batch_op.create_index(
            "ledger_rows_unsorted",
            ["shown_in", "registered_at"],
            unique=False,
            postgresql_where=sa.text("state = 'registered'"),
            sqlite_where=sa.text("state = 'registered'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("ledger_rows", schema=None) as batch_op:
        batch_op.drop_index(
            "ledger_rows_unsorted",
            postgresql_where=sa.text("state = 'registered'"),
            sqlite_where=sa.text("state = 'registered'"),
        )

    with op.batch_alter_table("rejected_submissions", schema=None) as batch_op:
        batch_op.drop_column("mended_as")

    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index("ix_attachments_complaint_id")

    op.drop_table("attachments")
